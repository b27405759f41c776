import { randomUUID } from 'node:crypto';
import pRetry from 'p-retry';
import type { Database } from '../database.ts';
import { IdsExhausted } from '../engines/engine.ts';
import { DomainError } from '../errors.ts';
import { DEFAULT_SETTINGS, type ShopSettings } from '../settings.ts';
import { type Actor, principalOf } from './actor.ts';
import { type BatchSettings, type KeyedTask, runBatch } from './batch.ts';
import type { Command, Loading } from './command.ts';
import { CommitUnconfirmed, classify } from './failure.ts';
import { keyReused, keyText, type Outcome } from './idempotency.ts';
import { type Task, taskOf } from './task.ts';

/** How many commands one transaction takes at most. */
const BATCH_SIZE_MAX = 64;
/** How many commands may wait. */
const QUEUE_SIZE_MAX = 4_096;
/** How long a command may wait for its transaction to begin. */
const WAIT_MAX_MS = 10_000;
/** How often a transaction is run before its callers are told that it cannot be done now. */
const ATTEMPTS_MAX = 5;
/** How long it pauses before a transaction is run again: at first, and at most. */
const RETRY_PAUSE_MS = { first: 10, max: 500 };
/** When a caller who was turned away may come again. */
const RETRY_AFTER_MS = 250;

export interface UnitOfWorkOptions {
  /** How the shop does business, where it differs from the defaults. */
  readonly settings?: Partial<ShopSettings>;
  /** The time for every decision, instead of the database's clock. */
  readonly clock?: () => Date;
  /** Checks after each refusal that the decision changed nothing. Slow; for tests. */
  readonly verifyRefusals?: boolean;
  /** `false` takes the row locks away, to show in a test what they prevent. Never in production. */
  readonly rowLocks?: boolean;
  /** How many commands may wait, or what says so for each command; 4,096 unless said otherwise. */
  readonly queueSizeMax?: number | (() => number | undefined);
  /** How long a command may wait for its transaction to begin, in milliseconds; 10,000 unless said otherwise. */
  readonly waitMaxMs?: number;
  /** How long it pauses at most before it runs a transaction again, in milliseconds; 500 unless said otherwise. */
  readonly retryPauseMsMax?: number;
}

/** How a command is called. */
export interface Call<Input> {
  readonly input: Input;
  readonly actor: Actor;
  /** The same key of the same caller takes effect once and is answered alike ever after. */
  readonly idempotencyKey?: string | undefined;
}

interface Waiting extends KeyedTask {
  readonly settle: PromiseWithResolvers<unknown>;
  readonly deadline: NodeJS.Timeout;
  /** Whether it ran before beside a command that changed what its load went by. */
  wasDisturbed: boolean;
}

/**
 * Runs commands, many in one transaction: while one batch commits, the next one gathers.
 * Commands are decided in order of arrival, and none can tell who shared its transaction.
 */
export class UnitOfWork {
  readonly #settings: BatchSettings;
  readonly #queueSizeMax: () => number;
  readonly #waitMaxMs: number;
  readonly #retryPauseMsMax: number;
  #onCommit = () => {};
  readonly #inFlight = new Map<string, { requestHash: string; answer: Promise<unknown> }>();
  #queue: Waiting[] = [];
  #batchesInFlight = 0;
  #isGathering = false;
  #isLocking = false;

  constructor(database: Database, options: UnitOfWorkOptions = {}) {
    this.#settings = {
      database,
      ids: database.ids,
      clock: options.clock,
      shop: { ...DEFAULT_SETTINGS, ...options.settings },
      rowLocks: options.rowLocks ?? true,
      verifyRefusals: options.verifyRefusals ?? false,
    };
    const { queueSizeMax = QUEUE_SIZE_MAX } = options;
    this.#queueSizeMax =
      typeof queueSizeMax === 'function' ? () => queueSizeMax() ?? QUEUE_SIZE_MAX : () => queueSizeMax;
    this.#waitMaxMs = options.waitMaxMs ?? WAIT_MAX_MS;
    this.#retryPauseMsMax = options.retryPauseMsMax ?? RETRY_PAUSE_MS.max;
  }

  /** Runs a command and gives its answer once it is committed, or throws the `DomainError` that refused it. */
  async execute<Input, L extends Loading, Answer>(
    command: Command<Input, L, Answer>,
    { input, actor, idempotencyKey }: Call<Input>,
  ): Promise<Answer> {
    const task = taskOf(command, input);
    // Also without a caller's key: after a lost connection the record tells whether the commit took.
    const key = idempotencyKey ?? `server-${randomUUID()}`;
    return this.#once(task, { principal: principalOf(actor), key }, idempotencyKey !== undefined);
  }

  /** Has this called after each commit. */
  onCommit(callback: () => void): void {
    this.#onCommit = callback;
  }

  /** Settles when everything that was waiting is done. */
  async drain(): Promise<void> {
    while (this.#inFlight.size > 0) {
      await Promise.allSettled([...this.#inFlight.values()].map(({ answer }) => answer));
    }
  }

  // Two calls with one key that meet in this process share one run; elsewhere the record keeps them apart.
  async #once<Answer>(
    task: Task<Answer>,
    idempotencyKey: KeyedTask['idempotencyKey'],
    isKeyKnown: boolean,
  ): Promise<Answer> {
    const inFlightKey = keyText(idempotencyKey);
    const running = this.#inFlight.get(inFlightKey);
    if (running) {
      if (running.requestHash !== task.requestHash) throw keyReused(idempotencyKey.key);
      return await sameAnswer<Answer>(running.answer);
    }
    const answer = this.#enqueue({ task, idempotencyKey, isKeyKnown });
    this.#inFlight.set(inFlightKey, { requestHash: task.requestHash, answer });
    try {
      return await sameAnswer<Answer>(answer);
    } finally {
      this.#inFlight.delete(inFlightKey);
    }
  }

  #enqueue(keyed: KeyedTask): Promise<unknown> {
    if (this.#queue.length >= this.#queueSizeMax()) return Promise.reject(overloaded());
    const settle = Promise.withResolvers<unknown>();
    const deadline = setTimeout(() => this.#expire(waiting), this.#waitMaxMs);
    const waiting: Waiting = { ...keyed, settle, deadline, wasDisturbed: false };
    this.#queue.push(waiting);
    this.#gather();
    return settle.promise;
  }

  #expire(waiting: Waiting): void {
    const place = this.#queue.indexOf(waiting);
    if (place < 0) return;
    this.#queue.splice(place, 1);
    waiting.settle.reject(overloaded());
  }

  // Calls that arrive in one turn of the event loop go together; a lone one does not wait for company.
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    setImmediate(() => {
      this.#isGathering = false;
      this.#startBatch();
    });
  }

  // The next batch starts once the one before holds its locks: whoever came first is also served first.
  #startBatch(): void {
    const { batchesInFlightMax } = this.#settings.database.engine;
    if (this.#isLocking || this.#batchesInFlight >= batchesInFlightMax || this.#queue.length === 0) return;
    const batch = this.#takeBatch();
    for (const { deadline } of batch) clearTimeout(deadline);
    this.#batchesInFlight++;
    this.#isLocking = true;
    let holdsTheGate = true;
    const openTheGate = () => {
      if (!holdsTheGate) return;
      holdsTheGate = false;
      this.#isLocking = false;
      this.#startBatch();
    };
    void this.#run(batch, openTheGate).finally(() => {
      this.#batchesInFlight--;
      openTheGate();
      this.#startBatch();
    });
  }

  // Commands of one caller that disturbed each other go one by one, each in another batch, so that
  // a caller who sends many changes of one cart at once keeps nobody else waiting.
  #takeBatch(): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    const held = new Set<string>();
    const disturbed = new Set<string>();
    let seen = 0;
    for (const waiting of this.#queue) {
      if (batch.length === BATCH_SIZE_MAX) break;
      seen++;
      const { principal } = waiting.idempotencyKey;
      const mustWait = held.has(principal) || (waiting.wasDisturbed && disturbed.has(principal));
      if (waiting.wasDisturbed) disturbed.add(principal);
      if (mustWait) held.add(principal);
      (mustWait ? left : batch).push(waiting);
    }
    this.#queue = [...left, ...this.#queue.slice(seen)];
    return batch;
  }

  /** Runs a batch to its end, and settles every command in it but those that have to run again. */
  async #run(batch: readonly Waiting[], onLocked: () => void): Promise<void> {
    try {
      const outcomes = await this.#attempt(batch, onLocked);
      this.#onCommit();
      const again = batch.filter((_, place) => outcomes[place] === undefined);
      for (const waiting of again) waiting.wasDisturbed = true;
      this.#queue.unshift(...again);
      batch.forEach((waiting, place) => {
        const outcome = outcomes[place];
        if (outcome) settle(waiting, outcome);
      });
    } catch (error) {
      const [only] = batch;
      if (batch.length === 1 && only) {
        only.settle.reject(asRefusal(error));
      } else if (isUnavailable(error)) {
        for (const waiting of batch) waiting.settle.reject(asRefusal(error));
      } else {
        // One of them spoils the transaction for all. Halving finds it, and the others get their answers.
        const middle = Math.ceil(batch.length / 2);
        await this.#run(batch.slice(0, middle), onLocked);
        await this.#run(batch.slice(middle), onLocked);
      }
    }
  }

  async #attempt(batch: readonly Waiting[], onLocked: () => void): Promise<(Outcome | undefined)[]> {
    // Once a commit is in doubt, failing to look it up does not make it undone.
    let doubt: CommitUnconfirmed | undefined;
    const isAlone = batch.length === 1;
    return await pRetry(
      async () => {
        try {
          return await runBatch(batch, this.#settings, onLocked);
        } catch (error) {
          if (error instanceof CommitUnconfirmed) doubt = error;
          throw doubt ?? error;
        }
      },
      {
        retries: ATTEMPTS_MAX - 1,
        minTimeout: Math.min(RETRY_PAUSE_MS.first, this.#retryPauseMsMax),
        maxTimeout: this.#retryPauseMsMax,
        randomize: true,
        // Getting more ids is no failed try: each time there are four times as many.
        shouldConsumeRetry: ({ error }) => !(error instanceof IdsExhausted),
        shouldRetry: ({ error }) =>
          error instanceof IdsExhausted || isUnavailable(error) || (isAlone && classify(error) === 'race'),
      },
    );
  }
}

// Under one key and one request hash there is one command, so the answer has that command's type.
async function sameAnswer<Answer>(answer: Promise<unknown>): Promise<Answer> {
  return (await answer) as Answer;
}

function settle({ settle }: Waiting, outcome: Outcome): void {
  if ('answer' in outcome) settle.resolve(outcome.answer);
  else settle.reject(outcome.refusal);
}

function isUnavailable(error: unknown): boolean {
  return error instanceof CommitUnconfirmed || classify(error) === 'transient';
}

function overloaded(): DomainError {
  return new DomainError('OVERLOADED', 'The shop is busy. Nothing was changed; try again shortly.', {
    retryAfterMs: RETRY_AFTER_MS,
  });
}

function asRefusal(error: unknown): unknown {
  if (error instanceof CommitUnconfirmed) {
    return new DomainError(
      'OUTCOME_UNKNOWN',
      'The connection to the database broke while committing. Ask again with the same idempotency key.',
      { retryAfterMs: RETRY_AFTER_MS },
    );
  }
  if (classify(error) === 'transient') {
    return new DomainError(
      'UNAVAILABLE',
      'The database cannot be reached now. Nothing was changed; try again shortly.',
      {
        retryAfterMs: RETRY_AFTER_MS,
      },
    );
  }
  return error;
}
