import type { AppRouter } from '@baguni/api';
import { TRPCClientError } from '@trpc/client';
import { Failure, type Shape } from './failures.ts';

const REQUEST_TIMEOUT = 408;
const TOO_MANY_REQUESTS = 429;
/** The answer to a batch whose calls have statuses of their own. */
const MULTI_STATUS = 207;
/** What a proxy says when it has too much to do, or the server behind it is away, slow or restarting. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([REQUEST_TIMEOUT, TOO_MANY_REQUESTS, 502, 503, 504]);

/** What came back over HTTP, read to its end. */
export class Answer {
  readonly ok: boolean;
  readonly status: number;
  /** Finds the request in the server's log. */
  readonly requestId: string | undefined;
  /** When the server or a proxy wants to be asked again. */
  readonly retryAfterMs: number | undefined;
  readonly #body: unknown;

  private constructor(response: Response, body: unknown) {
    this.ok = response.ok;
    this.status = response.status;
    this.requestId = requestIdOf(response);
    this.retryAfterMs = retryAfterOf(response);
    this.#body = body;
  }

  /** Throws a `Failure` if it is not JSON. */
  static async read(response: Response): Promise<Answer> {
    const text = await response.text();
    try {
      return new Answer(response, JSON.parse(text));
    } catch (cause) {
      throw answerUnreadable({
        status: response.status,
        requestId: requestIdOf(response),
        retryAfterMs: retryAfterOf(response),
        // It says that it is JSON, so what it was before it was cut short may have been the server's word.
        isCutShort: response.headers.get('content-type')?.includes('json'),
        cause,
      });
    }
  }

  /** The status of a call that succeeded, which shares its answer with others if it was in a batch. */
  get statusOfSuccess(): number {
    return this.status === MULTI_STATUS ? 200 : this.status;
  }

  async json(): Promise<unknown> {
    return this.#body;
  }
}

/** What the rejection of an attempt means. */
export function failureOf(rejection: unknown): Failure {
  if (rejection instanceof Failure) return rejection;
  if (!(rejection instanceof TRPCClientError)) return answerUnreadable({ cause: rejection });
  const { cause, shape, meta }: TRPCClientError<AppRouter> = rejection;
  if (cause instanceof Failure) return cause;
  const response = meta?.response;
  const answer = response instanceof Answer ? response : undefined;
  if (!isShape(shape)) {
    const { status, requestId, retryAfterMs } = answer ?? {};
    return answerUnreadable({ status, requestId, retryAfterMs, cause: rejection });
  }
  const { reason, details, retryable } = shape.data;
  return new Failure({
    reason,
    message: shape.message,
    details,
    retryable,
    mayHaveTakenEffect: reason === 'OUTCOME_UNKNOWN',
    retryAfterMs: 'retryAfterMs' in details ? details.retryAfterMs : answer?.retryAfterMs,
    shape,
    status: shape.data.httpStatus,
    requestId: shape.data.requestId || answer?.requestId,
  });
}

// The types promise it, but a proxy's own JSON gets here as well.
function isShape(shape: Shape | null | undefined): shape is Shape {
  return typeof shape?.data?.reason === 'string' && typeof shape.data.details === 'object';
}

/** What answered does not speak Baguni's protocol. What it did with the request, only its status hints at. */
function answerUnreadable({
  status,
  requestId,
  retryAfterMs,
  isCutShort = false,
  cause,
}: {
  status?: number | undefined;
  requestId?: string | undefined;
  retryAfterMs?: number | undefined;
  isCutShort?: boolean | undefined;
  cause: unknown;
}): Failure {
  const isClientError = status !== undefined && status >= 300 && status < 500 && status !== REQUEST_TIMEOUT;
  return new Failure({
    reason: 'ANSWER_UNREADABLE',
    message: `The answer${status === undefined ? '' : ` (HTTP ${status})`} is not one that a Baguni server gives.`,
    details: { httpStatus: status },
    // An answer that is cut short has the status of one that is whole.
    retryable: isCutShort || status === undefined || status < 300 || PASSING_STATUSES.has(status),
    mayHaveTakenEffect: isCutShort || !isClientError,
    retryAfterMs,
    status,
    requestId,
    cause,
  });
}

function requestIdOf(response: Response): string | undefined {
  return response.headers.get('x-request-id') ?? undefined;
}

// Proxies give seconds; the other form that HTTP allows, a date, would need their clock to agree with ours.
function retryAfterOf(response: Response): number | undefined {
  const seconds = response.headers.get('retry-after');
  return seconds !== null && /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1_000 : undefined;
}
