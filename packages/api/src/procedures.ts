import { AsyncLocalStorage } from 'node:async_hooks';
import { type Command, type Loading, superjsonForm } from '@baguni/db';
import {
  getTRPCErrorFromUnknown,
  initTRPC,
  type TRPC_ERROR_CODE_NUMBER,
  TRPCError,
  type TRPCProcedureType,
} from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { ZodError } from 'zod';
import type { Context } from './context.ts';
import { DomainError, isRetryable, type Reason, type ReasonDetails, TREATMENTS } from './errors.ts';
import type { Mutation } from './fields.ts';
import { mayRefuseFor, type ProcedureMeta } from './reasons.ts';
import { userNotFound } from './users/rules.ts';

/** How many wrong fields one answer names. */
const ISSUES_MAX = 20;
const PING_MS = 15_000;

/** The shape of every error that leaves the server. */
export interface ErrorShape {
  /** A sentence for a person, with the values. */
  message: string;
  /** JSON-RPC's number for the tRPC code. */
  code: TRPC_ERROR_CODE_NUMBER;
  data: {
    /** Why the call was refused, for programs. */
    reason: Reason;
    details: ReasonDetails[Reason];
    /** Whether the same call, with the same idempotency key, may succeed later. */
    retryable: boolean;
    /** Finds the call in the server's log. */
    requestId: string;
    code: string;
    httpStatus: number;
    path?: string | undefined;
  };
}

/** A refusal in the shape in which it travels. */
export function toErrorShape({ reason, message, details }: DomainError, requestId: string, path?: string): ErrorShape {
  const { code } = TREATMENTS[reason];
  return {
    message,
    code: TRPC_ERROR_CODES_BY_KEY[code],
    data: {
      reason,
      details,
      retryable: isRetryable(reason),
      requestId,
      code,
      httpStatus: HTTP_STATUSES.get(code) ?? 500,
      ...(path !== undefined && { path }),
    },
  };
}

// Found out once: tRPC tells it of an error only, and to make an error takes longer than all the rest of a refusal.
const HTTP_STATUSES = new Map(
  Object.values(TREATMENTS).map(({ code }) => [code, getHTTPStatusCodeFromError(new TRPCError({ code }))]),
);

/** The id of the request that is being answered, for what is refused before it has a context: a wrong token, too many calls. */
export const requestIds = new AsyncLocalStorage<string>();

const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    // Answers carry Dates; nothing but plain JSON is accepted from a client.
    transformer: { input: { serialize: (value) => value, deserialize: (value) => value }, output: superjsonForm },
    // A line now and then keeps proxies from closing a quiet stream, and tells the client that the server is still there.
    sse: { ping: { enabled: true, intervalMs: PING_MS }, client: { reconnectAfterInactivityMs: 3 * PING_MS } },
    // A stack never leaves the server, whatever NODE_ENV says.
    isDev: false,
    errorFormatter: ({ error, path, ctx }) => {
      const requestId = ctx?.requestId ?? requestIds.getStore() ?? '';
      return toErrorShape(refusalOf(error, requestId), requestId, path);
    },
  });

export const router = t.router;

/** What a procedure that fails is called by. */
interface Failed {
  readonly path: string;
  readonly type: TRPCProcedureType;
  readonly meta: ProcedureMeta | undefined;
}

/** A call that failed: a refusal of ours, which may be on its way as tRPC's error, or anything else. */
export type FailedCall = TRPCError | DomainError;

/** What is thrown inside a procedure, as its caller is told. */
export function refusedAs(cause: unknown, { shop }: Context, { path, type, meta }: Failed): FailedCall {
  const refusal = cause instanceof TRPCError ? cause.cause : cause;
  if (!(refusal instanceof DomainError)) return getTRPCErrorFromUnknown(cause);
  const { reason } = refusal;
  if (!shop.verifyReasons || mayRefuseFor(reason, { type, ...meta })) return refusal;
  return getTRPCErrorFromUnknown(
    new Error(`${path} refused a call with ${reason}, which is not among the reasons in its meta.`),
  );
}

const refusing = t.procedure.use(async ({ ctx, path, type, meta, next }) => {
  const result = await next();
  if (result.ok) return result;
  const failed = refusedAs(result.error, ctx, { path, type, meta });
  throw failed instanceof DomainError ? asTrpcError(failed) : failed;
});

const admitAnybody = (ctx: Context) => ctx;

function admitCustomer(ctx: Context) {
  const { actor } = ctx;
  if (actor.kind === 'public') throw unauthenticated('This needs a customer token.');
  if (actor.kind !== 'customer') throw asTrpcError(new DomainError('FORBIDDEN', 'Only a customer may do this.', {}));
  return { ...ctx, userId: actor.userId };
}

function admitAdmin(ctx: Context) {
  if (ctx.actor.kind === 'public') throw unauthenticated('This needs an API key.');
  if (ctx.actor.kind !== 'admin') throw asTrpcError(new DomainError('FORBIDDEN', 'Only an admin may do this.', {}));
  return ctx;
}

function admitOwner(ctx: Context) {
  const { actor } = ctx;
  if (actor.kind === 'public') throw unauthenticated('This needs a customer token or an API key.');
  const ownerOf = (input: { userId?: number | undefined } | undefined): number => {
    if (actor.kind === 'customer' && (input?.userId ?? actor.userId) === actor.userId) return actor.userId;
    if (actor.kind === 'admin' && input?.userId !== undefined) return input.userId;
    if (actor.kind === 'customer' && input?.userId !== undefined) throw userNotFound(input.userId);
    throw new DomainError('INPUT_INVALID', 'userId: An admin names the user.', {
      issues: [{ path: 'userId', message: 'An admin names the user.' }],
    });
  };
  return { ...ctx, ownerOf };
}

/** Anybody may call. */
export const publicProcedure = refusing.meta({ callers: 'public' });

/** A customer may call, and acts on their own things only. */
export const customerProcedure = refusing
  .meta({ callers: 'customer' })
  .use(({ ctx, next }) => next({ ctx: admitCustomer(ctx) }));

/** An admin may call. */
export const adminProcedure = refusing
  .meta({ callers: 'admin' })
  .use(({ ctx, next }) => next({ ctx: admitAdmin(ctx) }));

/** A customer may call for themselves, an admin for any user. `ownerOf` tells for whom this call is. */
export const ownerProcedure = refusing
  .meta({ callers: 'owner' })
  .use(({ ctx, next }) => next({ ctx: admitOwner(ctx) }));

/** Which middlewares every procedure begins with, and what they come to: who may call, and what the resolver is given. */
export const CHAINS: readonly { steps: readonly unknown[]; admit: (ctx: Context) => Context }[] = [
  { steps: publicProcedure._def.middlewares, admit: admitAnybody },
  { steps: customerProcedure._def.middlewares, admit: admitCustomer },
  { steps: adminProcedure._def.middlewares, admit: admitAdmin },
  { steps: ownerProcedure._def.middlewares, admit: admitOwner },
];

/** Whose things a command is about. */
export interface Owned {
  userId: number;
}

/** The resolver of a mutation: hands the command to the unit of work. */
export function execute<Input extends Mutation, L extends Loading, Answer>(command: Command<Input, L, Answer>) {
  return ({ input, ctx }: { input: Input; ctx: Context }): Promise<Answer> =>
    ctx.shop.unitOfWork.execute(command, { input, actor: ctx.actor, idempotencyKey: input.idempotencyKey });
}

/** The same for a command on somebody's own things: here, the caller's. */
export function executeForCaller<Input extends Mutation, L extends Loading, Answer>(
  command: Command<Input & Owned, L, Answer>,
) {
  return ({ input, ctx }: { input: Input; ctx: Context & Owned }): Promise<Answer> =>
    execute(command)({ input: { ...input, userId: ctx.userId }, ctx });
}

function unauthenticated(message: string): TRPCError {
  return asTrpcError(new DomainError('UNAUTHENTICATED', message, {}));
}

export function asTrpcError(refusal: DomainError): TRPCError {
  return new TRPCError({ code: TREATMENTS[refusal.reason].code, message: refusal.message, cause: refusal });
}

/** Whatever was thrown, with a refusal of ours as it is: to make an error takes longer than all the rest of a refusal. */
export function failedCallOf(cause: unknown): FailedCall {
  return cause instanceof DomainError ? cause : getTRPCErrorFromUnknown(cause);
}

/** What broke inside, for the log, if something did. A refusal of ours that has a cause hides something that did. */
export function breakageOf(error: FailedCall): unknown {
  const refusal = error instanceof TRPCError ? error.cause : error;
  const { code } = error instanceof TRPCError ? error : TREATMENTS[error.reason];
  const isBroken = code === 'INTERNAL_SERVER_ERROR' || (refusal instanceof DomainError && refusal.cause !== undefined);
  return isBroken ? (refusal ?? error) : undefined;
}

/** What the caller is told. Of an error that is no refusal of ours, nothing but the request's id leaves the server. */
export function refusalOf(error: FailedCall, requestId: string): DomainError {
  if (error instanceof DomainError) return error;
  if (error.cause instanceof DomainError) return error.cause;
  if (error.cause instanceof ZodError && error.code === 'BAD_REQUEST') return invalidInput(error.cause);
  switch (error.code) {
    case 'BAD_REQUEST':
    case 'PARSE_ERROR':
      return new DomainError('INPUT_INVALID', 'The request cannot be read.', { issues: [] });
    case 'NOT_FOUND':
      return new DomainError('PROCEDURE_NOT_FOUND', 'There is no procedure of that name.', {});
    case 'METHOD_NOT_SUPPORTED':
      return new DomainError('METHOD_NOT_SUPPORTED', 'Queries are sent with GET, mutations with POST.', {});
    case 'UNSUPPORTED_MEDIA_TYPE':
      return new DomainError('MEDIA_TYPE_NOT_SUPPORTED', 'The body must be application/json.', {});
    case 'PAYLOAD_TOO_LARGE':
      return new DomainError('REQUEST_TOO_LARGE', 'The request is larger than the server takes.', {});
    default:
      return new DomainError('INTERNAL', `Something failed inside the server (request ${requestId}).`, { requestId });
  }
}

function invalidInput(error: ZodError): DomainError {
  const issues = error.issues.slice(0, ISSUES_MAX).flatMap((issue) => {
    const path = issue.path.join('.');
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    return issue.keys
      .slice(0, ISSUES_MAX)
      .map((key) => ({ path: [...issue.path, key].join('.'), message: 'Is not a known field.' }));
  });
  const [first] = issues;
  return new DomainError(
    'INPUT_INVALID',
    first ? `${first.path || 'input'}: ${first.message}` : 'The input is not valid.',
    {
      issues,
    },
  );
}
