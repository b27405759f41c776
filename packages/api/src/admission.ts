import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { DomainError } from './errors.ts';
import { refusalAnswer, TRPC_PATH } from './wire.ts';

const CALLS_PATH = `${TRPC_PATH}/`;
/** When a client that was turned away should ask again. */
const RETRY_AFTER_MS = 1_000;
/** The header that says so. */
export const RETRY_AFTER_S = String(RETRY_AFTER_MS / 1_000);

export interface AdmissionOptions {
  /** How many requests are answered at once. */
  readonly inFlightMax: number;
  /** Whether pages of other origins may call, and so need headers by which they can read a refusal, too. */
  readonly answersPages: boolean;
}

/** How many requests a server answers at once, and what the others are told. */
export class Admission {
  readonly #inFlightMax: number;
  readonly #answersPages: boolean;
  #inFlight = 0;

  constructor({ inFlightMax, answersPages }: AdmissionOptions) {
    this.#inFlightMax = inFlightMax;
    this.#answersPages = answersPages;
  }

  get isFull(): boolean {
    return this.#inFlight >= this.#inFlightMax;
  }

  /** Counts a request as long as it is answered, and refuses it when there is no place. */
  async counted<Answer>(answer: () => Promise<Answer>): Promise<Answer> {
    if (this.isFull) throw overloaded();
    this.#inFlight += 1;
    try {
      return await answer();
    } finally {
      this.#inFlight -= 1;
    }
  }

  /**
   * A server that turns calls away while it is full, past all that makes other answers: there may be many times more of
   * them than it can answer, and what they cost is taken from those that it answers.
   */
  createServer(options: ServerOptions, listener: RequestListener): Server {
    const server = createServer(options, (request, response) => {
      // One that closes tells its clients to leave, which is the listener's to do.
      if (this.isFull && server.listening && this.#canTurnAway(request)) turnAway(response);
      else listener(request, response);
    });
    return server;
  }

  #canTurnAway(request: IncomingMessage): boolean {
    // Headers are parsed when somebody asks for them.
    const isPages = this.#answersPages && request.headers.origin !== undefined;
    return !isPages && request.url?.startsWith(CALLS_PATH) === true;
  }
}

export function overloaded(): DomainError {
  return new DomainError('OVERLOADED', 'The server has as much to do as it can.', { retryAfterMs: RETRY_AFTER_MS });
}

const AN_ID = '00000000-0000-0000-0000-000000000000';
const ANSWER = JSON.stringify(refusalAnswer(overloaded(), AN_ID).body);
const [BEFORE_ID = '', AFTER_ID = ''] = ANSWER.split(AN_ID);
const HEADERS: readonly string[] = [
  ...['content-type', 'application/json'],
  ...['content-length', String(Buffer.byteLength(ANSWER))],
  ...['retry-after', RETRY_AFTER_S],
  ...['x-content-type-options', 'nosniff'],
];

function turnAway(response: ServerResponse): void {
  const requestId = randomUUID();
  response.writeHead(503, [...HEADERS, 'x-request-id', requestId]).end(BEFORE_ID + requestId + AFTER_ID);
}
