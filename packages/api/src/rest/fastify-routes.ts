import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DomainError } from '../errors.ts';
import { requestIds } from '../procedures.ts';
import { answerRest, type BodyLimits, type RestAnswer, type RestHost } from './answer.ts';
import { addDocs } from './docs-page.ts';
import { OPERATIONS } from './operations.ts';
import { notHere, problemAnswer } from './problem.ts';
import { OPENAPI_PATH, REST_PATH } from './routes.ts';

interface RestRoutesOptions {
  /** Whether the description and the reference page are served, too. */
  readonly docs: boolean;
  readonly bodyLimits: BodyLimits;
  /** Asked before a body is read; refuses with an error. */
  readonly onRequest: (request: FastifyRequest, bodyLimit: number, done: (refusal?: Error) => void) => void;
  /** Holds each request while it is answered. */
  readonly answering: (answer: () => Promise<RestAnswer>) => Promise<RestAnswer>;
  readonly createContext: (request: FastifyRequest) => ReturnType<RestHost['createContext']>;
  /** What a request is told that Fastify itself has turned away. */
  readonly refusalOf: (error: unknown, requestId: string) => DomainError;
  readonly onInternalError: RestHost['onInternalError'];
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The REST paths, and what describes them, as a plugin of Fastify. */
export function restRoutes(app: FastifyInstance, options: RestRoutesOptions, done: () => void): void {
  if (options.docs) {
    app.get(OPENAPI_PATH, async (_request, reply) => {
      // Loaded for the first who asks: most servers are never asked.
      const { openApiText } = await import('./openapi.ts');
      return reply.type('application/json').send(openApiText());
    });
    addDocs(app);
  }
  // A scope of its own, in which every refusal is a problem document.
  app.register(
    (api, _options, ready) => {
      addOperations(api, options);
      ready();
    },
    { prefix: REST_PATH },
  );
  done();
}

function addOperations(app: FastifyInstance, options: RestRoutesOptions): void {
  const { usual, bulk } = options.bodyLimits;
  const bulkPaths = OPERATIONS.filter(({ isBulk }) => isBulk).map(({ path }) => path.slice(REST_PATH.length));
  for (const [url, bodyLimit] of [['/*', usual] as const, ...bulkPaths.map((path) => [path, bulk] as const)]) {
    app.route({
      method: METHODS,
      url,
      bodyLimit,
      onRequest: (request, _reply, done) => options.onRequest(request, bodyLimit, done),
      handler: async (request, reply) => {
        const answer = await options.answering(() =>
          requestIds.run(request.id, () => answerTo(request, reply, options)),
        );
        return send(reply, answer);
      },
    });
  }
  app.setNotFoundHandler((request, reply) => send(reply, problemAnswer(notHere(), request.id)));
  app.setErrorHandler((error, request, reply) => {
    const refusal = options.refusalOf(error, request.id);
    if (refusal.reason === 'INTERNAL') options.onInternalError({ requestId: request.id, path: undefined, error });
    return send(reply, problemAnswer(refusal, request.id));
  });
}

function answerTo(
  request: FastifyRequest,
  reply: FastifyReply,
  { createContext, onInternalError }: RestRoutesOptions,
): Promise<RestAnswer> {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return answerRest(
    {
      id: request.id,
      method: request.method,
      url: request.url,
      header: (name) => single(request.headers[name]),
      body: typeof request.body === 'string' && request.body !== '' ? request.body : undefined,
      signal: gone.signal,
    },
    { createContext: () => createContext(request), onInternalError },
  );
}

// As bytes, because of text Fastify says which character set it is in, and JSON has only one.
function send(reply: FastifyReply, { status, headers, body }: RestAnswer): FastifyReply {
  return reply
    .code(status)
    .headers(headers)
    .send(typeof body === 'string' ? Buffer.from(body) : Readable.from(body));
}

function single(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.join(', ');
}
