import { inspect } from 'node:util';
import {
  type AuditView,
  acceptApiKey,
  createFetch,
  hashApiKey,
  nextJobAt,
  type PaymentProvider,
  reconcilePayments,
  runDueJobs,
  type Shop,
  type ShopSettings,
  shopOn,
  signCustomerToken,
  type TestCollection,
  TestProvider,
  type TestWebhook,
  verify,
} from '@baguni/api';
import { type Database, openDatabase, openDatabaseFrom, UnitOfWork } from '@baguni/db';
import { type Shop as Client, createClient } from '@baguni/sdk';
import { assertTidy } from './audit-on-close.ts';
import { TestClock } from './clock.ts';
import { EngineEvents } from './events.ts';
import { Faults } from './faults/faults.ts';
import type { SentRequest } from './faults/wire.ts';
import { Given, type Made } from './given.ts';
import { describeEngine, showOnly } from './inspect.ts';
import { Listeners, type ListenOptions } from './listen.ts';

export interface TestEngineOptions {
  /** Where the data lives; in memory unless said otherwise. */
  readonly databaseUrl?: string;
  /** What the clock shows first; the start of 2026 unless said otherwise. */
  readonly now?: Date;
  /** How the shop does business, where it differs from the defaults. */
  readonly settings?: Partial<ShopSettings>;
  /** The payment provider of the method `test`, to share it between engines on one database; one of its own if none. */
  readonly provider?: TestProvider;
  /** More payment providers, by the method that a customer names. */
  readonly providers?: Readonly<Record<string, PaymentProvider>>;
  /** How long a provider may take over one call, in milliseconds; 10,000 unless said otherwise. */
  readonly providerDeadlineMs?: number;
  /**
   * How transactions are run, where it differs from production: `{ retryPauseMsMax: 0 }` runs them again at once,
   * `{ rowLocks: false }` shows what the locks prevent.
   */
  readonly transactions?: { readonly rowLocks?: boolean; readonly retryPauseMsMax?: number };
  /** Whether closing the engine fails if its books are wrong, or if something failed inside it; it does unless said otherwise. */
  readonly auditOnClose?: boolean;
}

const START = new Date('2026-01-01T00:00:00.000Z');
const SECRET = 'the test engine signs its own customer tokens';
/** No request leaves the process, so this address is never asked. */
const ADDRESS = 'http://engine.test';
/** An engine is nobody's but its test's, so its key is no secret. */
const ADMIN_KEY = 'bgn_the-admin-key-of-every-test-engine-is-this';
const FOREVER = '9999-12-31T00:00:00.000Z';
/** Pauses are half of what they are at most, so that a run is like the one before: 1, 2, 4, 8 … seconds. */
const CHANCE = 0.5;

/**
 * The real engine in this process: the real SDK over the real wire, router, rules and database, with no port.
 * Nothing is shared between two engines.
 */
export async function createTestEngine(options: TestEngineOptions = {}): Promise<TestEngine> {
  const { databaseUrl, now = START } = options;
  const faults = new Faults();
  const database =
    databaseUrl === undefined
      ? await openDatabaseFrom(await emptyShop(), faults.database)
      : await openDatabase(databaseUrl, faults.database);
  if (databaseUrl !== undefined) await prepare(database);
  return new TestEngine({ database, now, faults }, options);
}

let emptyShopBytes: Promise<Buffer> | undefined;

// The tables are made once a process, and each engine in memory begins as a copy.
function emptyShop(): Promise<Buffer> {
  emptyShopBytes ??= (async () => {
    await using database = await openDatabase('sqlite::memory:');
    await prepare(database);
    return await database.bytes();
  })();
  return emptyShopBytes;
}

const lastingTokens = new Map<number, Promise<string>>();

// A token that never expires is the same in every engine, and to sign one takes as long as a small call.
function lastingTokenOf(userId: number): Promise<string> {
  const known = lastingTokens.get(userId);
  if (known !== undefined) return known;
  const token = signCustomerToken(userId, SECRET, new Date(FOREVER));
  lastingTokens.set(userId, token);
  return token;
}

async function prepare(database: Database): Promise<void> {
  await database.migrate();
  const unitOfWork = new UnitOfWork(database, { clock: () => START });
  const input = { name: 'test engine', hash: hashApiKey(ADMIN_KEY) };
  await unitOfWork.execute(acceptApiKey, { input, actor: { kind: 'system' } });
}

/** An engine's data and time, to go back to. */
export interface Snapshot {
  readonly bytes: Buffer;
  readonly now: Date;
  /** What the payment provider holds. */
  readonly ledger: readonly TestCollection[];
  /** How many products, users and coupons were given: their names count on from here. */
  readonly made: Made;
}

interface TestEngineParts {
  readonly database: Database;
  readonly now: Date;
  /** Whoever opened the database has let it meet these. */
  readonly faults: Faults;
}

export class TestEngine {
  /** The engine in one line: what it shows instead of everything inside. After closing, how it was at the end. */
  declare readonly summary: string;
  /** The time of everything that looks at time. To advance it does what falls due meanwhile. */
  readonly clock: TestClock;
  /** The payment provider of the method `test`: what it holds, and how it misbehaves. */
  readonly provider: TestProvider;
  /** What goes wrong next. A fault that never strikes fails the test when the engine closes. */
  readonly faults: Faults;
  /** A client that may do what an admin may. */
  readonly admin: Client;
  /** A client without a token. */
  readonly anonymous: Client;
  /** Makes what a test begins with. */
  readonly given: Given;
  /** What has happened, and who was told. */
  readonly events: EngineEvents;

  readonly #options: TestEngineOptions;
  readonly #letGoOfProvider: () => void;
  readonly #listeners: Listeners;
  readonly #internalErrors: unknown[] = [];
  #internalErrorsSeen = 0;
  #closed: Promise<void> | undefined;
  #lastWords: string | undefined;
  #shop: Shop;
  #answer: typeof globalThis.fetch;

  /** @internal */
  constructor({ database, now, faults }: TestEngineParts, options: TestEngineOptions) {
    this.faults = faults;
    this.clock = new TestClock(now, {
      runDue: () => runDueJobs(this.#shop),
      nextDueAt: (after) => nextJobAt(this.#shop, after),
    });
    this.events = new EngineEvents(() => this.#shop);
    this.#listeners = new Listeners(({ error }) => this.#internalErrors.push(error));
    this.provider = options.provider ?? new TestProvider();
    this.#options = options;
    this.#letGoOfProvider = faults.provider.attach(this.provider);
    this.#shop = this.#open(database);
    this.#answer = this.#fetchOf(this.#shop);
    this.admin = this.connect(ADMIN_KEY);
    this.anonymous = this.connect();
    this.given = new Given(this.admin, (user) => this.customer(user));
    showOnly(this, () => this.#lastWords ?? describeEngine(this.#shop, this.clock.now()));
  }

  /** A client that acts as this actor: the shop's admin, nobody yet, or a user. */
  shop(actor: 'admin' | 'anonymous' | { readonly id: number }): Client {
    if (actor === 'admin') return this.admin;
    return actor === 'anonymous' ? this.anonymous : this.customer(actor);
  }

  /** A client that acts as this user. */
  customer(user: { readonly id: number }): Client {
    return this.connect(() => lastingTokenOf(user.id));
  }

  /** The API key of the engine's admin, or a token that says to be this user. */
  async tokenOf(caller: 'admin' | { readonly id: number }, expiresAt?: Date): Promise<string> {
    if (caller === 'admin') return ADMIN_KEY;
    return expiresAt ? signCustomerToken(caller.id, SECRET, expiresAt) : lastingTokenOf(caller.id);
  }

  /** A client with any token, or none. */
  connect(token?: string | (() => string | Promise<string>)): Client {
    // The engine is in this process: waiting before a retry would only slow the test down.
    return createClient({
      url: ADDRESS,
      fetch: this.fetch,
      retryDelay: () => 0,
      ...(token !== undefined && { token }),
    });
  }

  /** The engine's wire, to send it requests that no client would send. */
  readonly fetch: typeof globalThis.fetch = (resource, init) =>
    this.faults.wire.carry(sentOf(resource, init), () => this.#answer(resource, init));

  /**
   * The engine itself, to run its jobs, or commands of the test's own, by hand.
   * @internal Its type would bring the declarations of the ORM and the server along.
   */
  get internals(): Shop {
    return this.#shop;
  }

  /**
   * What failed inside the engine; a client is not told more than that something did. Closing the engine fails for what
   * nobody has read here.
   */
  get internalErrors(): readonly unknown[] {
    this.#internalErrorsSeen = this.#internalErrors.length;
    return [...this.#internalErrors];
  }

  /** Does what is due now, as a server does by itself: sends events, ends expired orders, asks about payments. */
  runDue(): Promise<number> {
    return this.clock.runDue();
  }

  /** Serves this same engine on a port of this machine, until it closes; gives the address. For browsers. */
  listen(options: ListenOptions = {}): Promise<string> {
    return this.#listeners.listen(this.#shop, options);
  }

  /** Delivers a message of a payment provider, as the provider would. */
  async deliverWebhook({ body, headers }: TestWebhook, method = 'test'): Promise<Response> {
    const deliver = () =>
      this.fetch(`${ADDRESS}/webhooks/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
    const answer = await deliver();
    return this.faults.provider.isRepeating() ? await deliver() : answer;
  }

  /** One round of the job that finishes what was left between the shop and its payment providers. */
  reconcilePayments(): Promise<number> {
    return reconcilePayments(this.#shop);
  }

  /** Recomputes every invariant from history. */
  audit(): Promise<AuditView> {
    return verify(this.#shop.database, this.#shop.settings);
  }

  /** Rows as the database holds them. */
  async sql<Row extends object>(query: string): Promise<Row[]> {
    return this.#shop.database.fork().execute<Row[]>(query);
  }

  /** Everything as it is now, to go back to with `restore`. Only for engines in memory. */
  async snapshot(): Promise<Snapshot> {
    const bytes = await this.#shop.database.bytes();
    return { bytes, now: this.clock.now(), ledger: this.provider.ledger, made: this.given.made };
  }

  /** Makes everything what it was, time included. Clients of this engine stay good. */
  async restore({ bytes, now, ledger, made }: Snapshot): Promise<void> {
    await this.clock.settled();
    await this.#listeners.pause();
    await this.#shop.close();
    this.clock.jump(now);
    this.provider.restore(ledger);
    this.given.made = made;
    this.#shop = this.#open(await openDatabaseFrom(bytes, this.faults.database));
    this.#answer = this.#fetchOf(this.#shop);
    await this.#listeners.resume(this.#shop);
  }

  /** Another engine that begins as this one is now; from then on they know nothing of each other. */
  async fork(): Promise<TestEngine> {
    const { bytes, now, ledger, made } = await this.snapshot();
    const provider = new TestProvider();
    provider.restore(ledger);
    const faults = new Faults();
    const database = await openDatabaseFrom(bytes, faults.database);
    const fork = new TestEngine({ database, now, faults }, { ...this.#options, provider });
    fork.given.made = made;
    return fork;
  }

  /**
   * Lets the work under way finish and closes the engine. Fails if its books are wrong, or if something failed inside it
   * and nobody looked, unless it was made with `auditOnClose: false`; and if a fault has struck less often than the test said.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { auditOnClose = true } = this.#options;
    this.faults.end();
    this.#letGoOfProvider();
    try {
      await this.clock.settled();
      await this.#listeners.close();
      await this.#shop.unitOfWork.drain();
      if (auditOnClose) assertTidy(await this.audit(), this.#internalErrors.slice(this.#internalErrorsSeen));
      this.faults.assertAllStruck();
    } finally {
      this.#lastWords = this.summary;
      await this.#shop.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @internal */
  [inspect.custom](): string {
    return `TestEngine { ${this.summary} }`;
  }

  toJSON(): string {
    return this.summary;
  }

  #open(database: Database): Shop {
    const { settings, providers, providerDeadlineMs, transactions } = this.#options;
    return shopOn(database, {
      tokens: { secret: SECRET },
      clock: () => this.clock.now(),
      random: () => CHANCE,
      verifyRefusals: true,
      transactions: { queueSizeMax: this.faults.wire.queueSizeMax, ...transactions },
      // What receives events in a test is on the same machine.
      allowPrivateEndpoints: true,
      providers: { ...providers, test: this.provider },
      ...(settings && { settings }),
      ...(providerDeadlineMs !== undefined && { providerDeadlineMs }),
    });
  }

  #fetchOf(shop: Shop): typeof globalThis.fetch {
    return createFetch(shop, ({ error }) => this.#internalErrors.push(error));
  }
}

/** What a request is, where it goes, and what ends it. */
function sentOf(resource: string | URL | Request, init: RequestInit = {}): SentRequest {
  const { url, method, signal } = resource instanceof Request ? resource : { url: String(resource) };
  return {
    method: (init.method ?? method ?? 'GET').toUpperCase(),
    url,
    signal: init.signal ?? signal,
  };
}
