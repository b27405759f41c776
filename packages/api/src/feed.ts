import type { EntityManager, OutboxEvent } from '@baguni/db';
import { type TrackedEnvelope, tracked } from '@trpc/server';
import type { EventView, StreamInput } from './events/schema.ts';
import { lastPosition, type Outbox, sequenceEvents } from './events/sequence.ts';
import { toEventView } from './events/views.ts';

/** How often the database is asked for events that other processes published. */
const POLL_MS = 500;
/** How many events are read at once. */
const PAGE_SIZE = 100;

/** What a stream gives: an event, or `null` for a bookmark, from which it goes on after a reconnect. */
export type StreamItem = TrackedEnvelope<EventView | null>;

/** Which events a stream is about: a page of them, by position, all later than `after`. */
export type ReadEvents = (em: EntityManager, after: number, limit: number) => Promise<OutboxEvent[]>;

interface Waiting {
  /** The position that the stream has seen everything up to. */
  readonly seen: number;
  readonly settle: () => void;
}

/**
 * Lets streams follow the published events. The streams of a process share one look at the database, every half second
 * and after each commit of this process; each then reads for itself, by position, so that it misses nothing.
 */
export class EventFeed {
  readonly #outbox: Outbox;
  readonly #waiting = new Set<Waiting>();
  #isClosed = false;
  #isNudged = false;
  #endPause = () => {};
  #watch: Promise<void> | undefined;

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  /** Looks for new events now: something was committed. */
  nudge(): void {
    this.#isNudged = true;
    this.#endPause();
  }

  /** Ends every stream. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { settle } of this.#waiting) settle();
    this.#endPause();
    await this.#watch;
  }

  /** Gives events as they are published, until the signal or the feed's end. */
  async *follow(
    { after, lastEventId }: StreamInput,
    { read, signal }: { read: ReadEvents; signal: AbortSignal | undefined },
  ): AsyncGenerator<StreamItem, void> {
    const em = () => this.#outbox.database.fork();
    const start = lastEventId === undefined ? after : Number(lastEventId);
    let position = start ?? (await this.#published());
    // Without it, a stream that breaks before its first event could not tell where it began.
    yield tracked(String(position), null);
    while (!this.#isClosed && !signal?.aborted) {
      const published = await lastPosition(em());
      const events = await read(em(), position, PAGE_SIZE);
      for (const event of events) {
        const view = toEventView(event);
        position = view.position;
        yield tracked(String(position), view);
      }
      if (events.length === PAGE_SIZE) continue;
      position = Math.max(position, published);
      await this.#wait(position, signal);
    }
  }

  // A stream begins after what was committed before it, also if nobody has published that yet.
  async #published(): Promise<number> {
    while ((await sequenceEvents(this.#outbox)) > 0);
    return lastPosition(this.#outbox.database.fork());
  }

  async #wait(seen: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#isClosed || signal?.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = { seen, settle: resolve };
    this.#waiting.add(waiting);
    const end = () => resolve();
    signal?.addEventListener('abort', end, { once: true });
    this.#watch ??= this.#lookOut();
    await promise;
    signal?.removeEventListener('abort', end);
    this.#waiting.delete(waiting);
  }

  async #lookOut(): Promise<void> {
    while (this.#waiting.size > 0 && !this.#isClosed) {
      this.#isNudged = false;
      const published = await this.#look();
      for (const { seen, settle } of this.#waiting) if (seen < published) settle();
      await this.#pause();
    }
    this.#watch = undefined;
  }

  // While the database cannot be reached there is nothing new; each call that needs it says so.
  async #look(): Promise<number> {
    try {
      await sequenceEvents(this.#outbox);
      return await lastPosition(this.#outbox.database.fork());
    } catch {
      return 0;
    }
  }

  async #pause(): Promise<void> {
    if (this.#isNudged || this.#isClosed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timeout = setTimeout(resolve, POLL_MS);
    this.#endPause = resolve;
    await promise;
    clearTimeout(timeout);
  }
}
