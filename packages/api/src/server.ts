import { randomUUID } from 'node:crypto';
import type { OutgoingHttpHeader } from 'node:http';
import type { Socket } from 'node:net';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import { Admission, overloaded, RETRY_AFTER_S } from './admission.ts';
import { ANSWER_HEADERS, answerCalls, type CallsAnswer, isStream, readCalls } from './calls.ts';
import { DomainError } from './errors.ts';
import { requestIds } from './procedures.ts';
import { restRoutes } from './rest/fastify-routes.ts';
import { problemAnswer } from './rest/problem.ts';
import { isRestPath } from './rest/routes.ts';
import { SharedReads } from './shared-reads.ts';
import type { Shop } from './shop.ts';
import { receiveWebhook, WEBHOOKS_PATH } from './webhooks.ts';
import {
  BODY_BYTES_MAX,
  BULK_BODY_BYTES_MAX,
  BULK_PATH,
  createContext,
  type InternalError,
  refusalAnswer,
  TRPC_PATH,
  tooLarge,
  trpcSettings,
} from './wire.ts';

/** Ten procedure names in one path. */
const PATH_LENGTH_MAX = 2_000;
/** Longer than a load balancer keeps an idle connection, so that it is never the server that closes it first. */
const KEEP_ALIVE_MS = 72_000;
const REQUEST_TIMEOUT_MS = 30_000;
/**
 * How many connections may wait to be accepted; the system may allow fewer. Node accepts one in each turn of its event loop,
 * and a connection for which there is no place in the queue is lost and tried again seconds later.
 */
const BACKLOG_MAX = 4_096;
/** How long a browser need not ask again whether a page may call. */
const PREFLIGHT_MAX_AGE_S = 600;

export interface ServerOptions {
  /** The origins whose pages may call from a browser, such as `https://shop.example`; none unless said otherwise. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Told of each call that failed inside, besides the log. */
  readonly onInternalError?: ((failed: InternalError) => void) | undefined;
  /** How many requests for procedures are answered at once; 512 unless said otherwise. The rest is refused. */
  readonly inFlightMax?: number | undefined;
  /** Whether `/openapi.json` describes the REST paths and `/docs` shows them; they do unless said otherwise. */
  readonly docs?: boolean | undefined;
}

/**
 * How many requests are answered at once: more than keep the processor and the database busy, and so few that none of
 * them waits long.
 */
const IN_FLIGHT_MAX = 512;

/** A host for one shop: the procedures under `/trpc` and, as REST, under `/api`; and two probes. */
export class Server {
  readonly #app: FastifyInstance;
  readonly #shop: Shop;
  readonly #admission: Admission;
  #isStopping = false;

  constructor(
    shop: Shop,
    logger: FastifyBaseLogger | { level: string } | false,
    { corsOrigins = [], onInternalError, inFlightMax = IN_FLIGHT_MAX, docs = true }: ServerOptions = {},
  ) {
    this.#admission = new Admission({ inFlightMax, answersPages: corsOrigins.length > 0 });
    this.#app = fastify({
      serverFactory: (listener) =>
        this.#admission.createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_TIMEOUT_MS }, listener),
      ...(logger && 'child' in logger ? { loggerInstance: logger } : { logger }),
      logController: new LogController({ disableRequestLogging: true }),
      genReqId: () => randomUUID(),
      bodyLimit: BODY_BYTES_MAX,
      forceCloseConnections: 'idle',
      // Whoever asks for the query reads it themselves, from the URL.
      routerOptions: { maxParamLength: PATH_LENGTH_MAX, querystringParser: () => ({}) },
      // No route has a schema of Fastify's: procedures check what comes in. Its own compilers are a third of its modules.
      schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
      // A path that cannot be decoded does not get as far as the error handler.
      frameworkErrors: (error, request, reply) => {
        const refusal = refusalOf(error, request.id);
        const { status, headers, body } = isRestPath(request.url)
          ? problemAnswer(refusal, request.id)
          : plainAnswer(refusal, request.id);
        reply.hijack();
        reply.raw.writeHead(status, headers).end(body);
      },
    });
    this.#shop = shop;
    if (corsOrigins.length > 0) this.#letPagesCall(corsOrigins);
    this.#addProbes(shop);
    this.#addProcedures(shop, { onInternalError, docs });
  }

  /** Starts to answer; gives the address. */
  async listen({ host, port }: { host: string; port: number }): Promise<string> {
    return this.#app.listen({ host, port, backlog: BACKLOG_MAX });
  }

  /** Answers on a connection that somebody else has accepted. */
  answerOn(connection: Socket): void {
    this.#app.server.emit('connection', connection);
  }

  /** Puts a job's failed round into the server's log. */
  logFailedJob({ job, error }: { job: string; error: unknown }): void {
    this.#app.log.error({ job, err: error }, 'A round of a job failed.');
  }

  /** Says on `/readyz` that it is going away, finishes the requests under way, and takes no more. */
  async close(): Promise<void> {
    this.#isStopping = true;
    // Streams never finish by themselves; their clients go on at another server.
    await this.#shop.feed.close();
    await this.#app.close();
  }

  /** Lets browsers show these origins' pages what the server answers. Tokens travel in a header, so no cookies are let in. */
  #letPagesCall(corsOrigins: readonly string[]): void {
    this.#app.register(import('@fastify/cors'), {
      origin: [...corsOrigins],
      methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['x-request-id', 'retry-after', 'link'],
      maxAge: PREFLIGHT_MAX_AGE_S,
    });
  }

  // Before a body is read, because memory is not for everyone to fill. From the handler on a request is counted, so that a body
  // that comes slowly takes no place from others.
  #letIn(request: FastifyRequest, bodyLimit: number, done: (refusal?: Error) => void): void {
    if (this.#admission.isFull) done(overloaded());
    else if (bodyLimit > BODY_BYTES_MAX && isLarge(request)) this.#assertAdmin(request).then(() => done(), done);
    else done();
  }

  async #assertAdmin({ headers }: FastifyRequest): Promise<void> {
    const { kind } = await this.#shop.authenticator.authenticate(headers.authorization);
    if (kind !== 'admin') throw tooLarge();
  }

  #addProbes(shop: Shop): void {
    this.#app.get('/healthz', () => ({ status: 'ok' }));
    this.#app.get('/readyz', async (_request, reply) => {
      const isReady = !this.#isStopping && (await shop.database.isReachable());
      return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready' });
    });
  }

  #addProcedures(shop: Shop, { onInternalError, docs }: Pick<ServerOptions, 'onInternalError' | 'docs'>): void {
    const app = this.#app;
    const report = (failed: InternalError) => {
      const { requestId, path, error } = failed;
      app.log.error({ requestId, path, err: error }, 'A call failed inside the server.');
      onInternalError?.(failed);
    };
    const settings = trpcSettings(report);
    const sharedReads = new SharedReads<CallsAnswer>();
    // JSON is the only body there is: other types could be sent by a foreign page without asking first.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    app.addHook('onRequest', (request, reply, done) => {
      reply.header('x-request-id', request.id);
      reply.header('x-content-type-options', 'nosniff');
      done();
    });
    const routes = { [`:path(${BULK_PATH})`]: BULK_BODY_BYTES_MAX, ':path': BODY_BYTES_MAX };
    for (const [path, bodyLimit] of Object.entries(routes)) {
      app.route<{ Params: { path: string } }>({
        method: ['GET', 'POST'],
        url: `${TRPC_PATH}/${path}`,
        bodyLimit,
        onRequest: (request, _reply, done) => this.#letIn(request, bodyLimit, done),
        handler: async (req, res) => {
          const { path } = req.params;
          const { authorization } = req.headers;
          const createContextNow = () => createContext(shop, authorization, req.id);
          const calls = readCalls({
            method: req.method,
            path,
            query: queryOf(req.raw.url ?? ''),
            header: (name) => singleHeader(req.headers[name]),
            body: typeof req.body === 'string' ? req.body : undefined,
          });
          if (!calls) {
            // Loaded for the first who needs it: it brings the HTTP client that is inside Node, too.
            const { fastifyRequestHandler } = await import('@trpc/server/adapters/fastify');
            const answer = () =>
              requestIds.run(req.id, () =>
                fastifyRequestHandler({ ...settings, req, res, path, createContext: createContextNow }),
              );
            return isStream(path) ? answer() : this.#admission.counted(answer);
          }
          const { onError } = settings;
          const isAnonymous = authorization === undefined;
          const host = { requestId: req.id, createContext: createContextNow, onError, isAnonymous, sharedReads };
          return sendAtOnce(res, await this.#admission.counted(() => answerCalls(calls, host)));
        },
      });
    }
    app.register(restRoutes, {
      docs: docs ?? true,
      bodyLimits: { usual: BODY_BYTES_MAX, bulk: BULK_BODY_BYTES_MAX },
      onRequest: (request, bodyLimit, done) => this.#letIn(request, bodyLimit, done),
      answering: (answer) => this.#admission.counted(answer),
      createContext: ({ id, headers }) => createContext(shop, headers.authorization, id),
      refusalOf,
      onInternalError: report,
    });
    app.route<{ Params: { method: string } }>({
      method: 'POST',
      url: `${WEBHOOKS_PATH}/:method`,
      onRequest: (request, _reply, done) => this.#letIn(request, BODY_BYTES_MAX, done),
      handler: async ({ params, body, headers }, reply) => {
        const webhook = { method: params.method, body: typeof body === 'string' ? body : '' };
        await this.#admission.counted(() => receiveWebhook(shop, { ...webhook, headers: singleHeaders(headers) }));
        return reply.code(204).send();
      },
    });
    app.setNotFoundHandler((request, reply) =>
      sendRefusal(reply, new DomainError('PROCEDURE_NOT_FOUND', 'There is nothing here.', {}), request.id),
    );
    app.setErrorHandler((error, request, reply) => {
      const refusal = refusalOf(error, request.id);
      if (refusal.reason === 'INTERNAL') report({ requestId: request.id, path: undefined, error });
      return sendRefusal(reply, refusal, request.id);
    });
  }
}

function noSchemas(): never {
  throw new Error('A route has a schema of Fastify, for which it has no compiler here.');
}

/** Whether a body may be larger than most procedures take; one that does not say its length may be. */
function isLarge({ headers }: FastifyRequest): boolean {
  const length = headers['content-length'];
  return length === undefined ? headers['transfer-encoding'] !== undefined : Number(length) > BODY_BYTES_MAX;
}

function plainAnswer(refusal: DomainError, requestId: string) {
  const { status, body } = refusalAnswer(refusal, requestId);
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-request-id': requestId },
    body: JSON.stringify(body),
  };
}

/** Sends an answer past all that Fastify does for others, so that head and body leave in one write. */
function sendAtOnce(reply: FastifyReply, { status, body }: CallsAnswer): FastifyReply {
  const head: OutgoingHttpHeader[] = [];
  const { raw } = reply.headers(ANSWER_HEADERS).hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) head.push(name, value);
  head.push('content-length', Buffer.byteLength(body));
  raw.writeHead(status, head).end(body);
  return reply;
}

function sendRefusal(reply: FastifyReply, refusal: DomainError, requestId: string): FastifyReply {
  const { status, body } = refusalAnswer(refusal, requestId);
  if (refusal.reason === 'OVERLOADED') reply.header('retry-after', RETRY_AFTER_S);
  // As bytes, because of text Fastify says which character set it is in, and tRPC does not.
  return reply
    .code(status)
    .header('content-type', 'application/json')
    .send(Buffer.from(JSON.stringify(body)));
}

/** What stands between a URL's question mark and its fragment. */
function queryOf(url: string): string {
  const [beforeFragment = ''] = url.split('#', 1);
  const mark = beforeFragment.indexOf('?');
  return mark < 0 ? '' : beforeFragment.slice(mark + 1);
}

function singleHeader(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.join(', ');
}

/** The headers that came once; of those that came several times, none can be believed. */
function singleHeaders(headers: Record<string, string | string[] | undefined>): Headers {
  const single = Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return new Headers(single);
}

/** What a request is told that Fastify itself has turned away. */
function refusalOf(error: unknown, requestId: string): DomainError {
  if (error instanceof DomainError) return error;
  const statusCode = error instanceof Error && 'statusCode' in error ? error.statusCode : 500;
  switch (statusCode) {
    case 413:
      return tooLarge();
    case 415:
      return new DomainError('MEDIA_TYPE_NOT_SUPPORTED', 'The body must be application/json.', {});
    case 400:
      return new DomainError('INPUT_INVALID', 'The request cannot be read.', { issues: [] });
    default:
      return new DomainError('INTERNAL', `Something failed inside the server (request ${requestId}).`, { requestId });
  }
}
