import type { AppRouter } from '@baguni/api';
import { TRPCClientError } from '@trpc/client';
import { Failure, type Shape } from './failures.ts';

const TOO_MANY_REQUESTS = 429;
/** What a proxy says when the server behind it is away, slow or restarting. */
const GATEWAY_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

/** What came back over HTTP, read to its end. */
export class Answer {
  readonly ok: boolean;
  readonly status: number;
  /** When the server or a proxy wants to be asked again. */
  readonly retryAfterMs: number | undefined;
  readonly #body: unknown;

  private constructor(response: Response, body: unknown) {
    this.ok = response.ok;
    this.status = response.status;
    this.retryAfterMs = retryAfterOf(response);
    this.#body = body;
  }

  /** Throws a `Failure` if it is not JSON. */
  static async read(response: Response): Promise<Answer> {
    const text = await response.text();
    try {
      return new Answer(response, JSON.parse(text));
    } catch (cause) {
      throw answerUnreadable(response.status, { retryAfterMs: retryAfterOf(response), cause });
    }
  }

  async json(): Promise<unknown> {
    return this.#body;
  }
}

/** What the rejection of an attempt means. */
export function failureOf(rejection: unknown): Failure {
  if (rejection instanceof Failure) return rejection;
  if (!(rejection instanceof TRPCClientError)) return answerUnreadable(undefined, { cause: rejection });
  const { cause, shape, meta }: TRPCClientError<AppRouter> = rejection;
  if (cause instanceof Failure) return cause;
  const response = meta?.response;
  const answer = response instanceof Answer ? response : undefined;
  if (!isShape(shape))
    return answerUnreadable(answer?.status, { retryAfterMs: answer?.retryAfterMs, cause: rejection });
  const { reason, details, retryable } = shape.data;
  return new Failure({
    reason,
    message: shape.message,
    details,
    retryable,
    mayHaveTakenEffect: reason === 'OUTCOME_UNKNOWN',
    retryAfterMs: 'retryAfterMs' in details ? details.retryAfterMs : answer?.retryAfterMs,
    shape,
  });
}

// The types promise it, but a proxy's own JSON gets here as well.
function isShape(shape: Shape | null | undefined): shape is Shape {
  return typeof shape?.data?.reason === 'string' && typeof shape.data.details === 'object';
}

/** What answered does not speak Baguni's protocol. What it did with the request, only its status hints at. */
function answerUnreadable(
  httpStatus: number | undefined,
  { retryAfterMs, cause }: { retryAfterMs?: number | undefined; cause: unknown },
): Failure {
  const isClientError = httpStatus !== undefined && httpStatus >= 300 && httpStatus < 500;
  return new Failure({
    reason: 'ANSWER_UNREADABLE',
    message: `The answer${httpStatus === undefined ? '' : ` (HTTP ${httpStatus})`} is not one that a Baguni server gives.`,
    details: { httpStatus },
    // An answer that is cut short has the status of one that is whole.
    retryable:
      httpStatus === undefined ||
      httpStatus < 300 ||
      httpStatus === TOO_MANY_REQUESTS ||
      GATEWAY_STATUSES.has(httpStatus),
    mayHaveTakenEffect: !isClientError,
    retryAfterMs,
    cause,
  });
}

// Proxies give seconds; the other form that HTTP allows, a date, would need their clock to agree with ours.
function retryAfterOf(response: Response): number | undefined {
  const seconds = response.headers.get('retry-after');
  return seconds !== null && /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1_000 : undefined;
}
