import {
  type Database,
  DEFAULT_SETTINGS,
  type EntityManager,
  openDatabase,
  type ShopSettings,
  UnitOfWork,
  type UnitOfWorkOptions,
} from '@baguni/db';

import { Authenticator, type TokenSettings } from './authenticator.ts';
import { EndpointClient } from './events/endpoint-client.ts';
import { EventFeed } from './feed.ts';
import type { PaymentProvider } from './payments/provider.ts';
import { type ProviderFailure, Providers } from './payments/providers.ts';

export interface ShopOptions {
  /** `postgres://…`, `sqlite:path/to/file` or `sqlite::memory:`. */
  readonly databaseUrl: string;
  /** How customers' tokens are checked. */
  readonly tokens: TokenSettings;
  /** How the shop does business, where it differs from the defaults. */
  readonly settings?: Partial<ShopSettings>;
  /** The time, instead of the database's and the process's clocks. For tests. */
  readonly clock?: () => Date;
  /** Chance, 0 to 1, without 1, for the pauses between attempts; `Math.random` unless said otherwise. For tests. */
  readonly random?: () => number;
  /** Whether events may be sent to private addresses; they may not unless said otherwise. */
  readonly allowPrivateEndpoints?: boolean;
  /** Checks after each refusal that it changed nothing and that its procedure declares the reason. Slow; for tests. */
  readonly verifyRefusals?: boolean;
  /** How transactions are run, where it differs from production. For tests. */
  readonly transactions?: Pick<UnitOfWorkOptions, 'rowLocks' | 'queueSizeMax' | 'retryPauseMsMax'>;
  /** The payment providers, by the method that a customer names. */
  readonly providers?: Readonly<Record<string, PaymentProvider>>;
  /** How long a provider may take over one call, in milliseconds; 10,000 unless said otherwise. */
  readonly providerDeadlineMs?: number;
  /** Told of each call of a provider that did not say how it ended, for the log. */
  readonly onProviderFailure?: (failure: ProviderFailure) => void;
}

/** One engine: everything that the procedures work with. */
export class Shop {
  readonly database: Database;
  readonly unitOfWork: UnitOfWork;
  readonly authenticator: Authenticator;
  /** How the shop does business. */
  readonly settings: ShopSettings;
  /** Sends events to those who asked for them. */
  readonly endpoints: EndpointClient;
  /** Streams events to those who listen. */
  readonly feed: EventFeed;
  readonly providers: Providers;
  /** Chance, for the pauses between attempts. */
  readonly random: () => number;
  /** Whether a procedure that refuses for a reason that it does not declare fails instead. For tests. */
  readonly verifyReasons: boolean;

  readonly #clock: (() => Date) | undefined;

  constructor(parts: ShopParts) {
    this.database = parts.database;
    this.unitOfWork = parts.unitOfWork;
    this.authenticator = parts.authenticator;
    this.settings = parts.settings;
    this.providers = parts.providers;
    this.random = parts.random ?? Math.random;
    this.verifyReasons = parts.verifyReasons ?? false;
    this.#clock = parts.clock;
    this.endpoints = new EndpointClient({ allowPrivate: parts.allowPrivateEndpoints });
    this.feed = new EventFeed(this);
    this.unitOfWork.onCommit(() => this.feed.nudge());
  }

  /** The time that reads go by: the database's, so that all servers agree, or a test's. */
  async now(): Promise<Date> {
    return this.#clock ? this.#clock() : this.database.now();
  }

  /** A fresh EntityManager for one read. Reads never enter the unit of work. */
  read(): EntityManager {
    return this.database.fork();
  }

  /** Lets the work under way finish, then lets go of the database. */
  async close(): Promise<void> {
    await this.feed.close();
    await this.unitOfWork.drain();
    await this.endpoints.close();
    await this.database.close();
  }
}

interface ShopParts {
  readonly database: Database;
  readonly unitOfWork: UnitOfWork;
  readonly authenticator: Authenticator;
  readonly settings: ShopSettings;
  readonly providers: Providers;
  readonly clock: (() => Date) | undefined;
  readonly random?: (() => number) | undefined;
  readonly allowPrivateEndpoints?: boolean | undefined;
  readonly verifyReasons?: boolean | undefined;
}

/** Opens a shop and brings its tables up to date. */
export async function openShop({ databaseUrl, ...options }: ShopOptions): Promise<Shop> {
  const database = await openDatabase(databaseUrl);
  await database.migrate();
  return shopOn(database, options);
}

/** A shop on a database whose tables are up to date. */
export function shopOn(database: Database, options: Omit<ShopOptions, 'databaseUrl'>): Shop {
  const { tokens, clock, random, verifyRefusals, allowPrivateEndpoints } = options;
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const unitOfWork = new UnitOfWork(database, {
    settings,
    ...(clock && { clock }),
    ...(verifyRefusals !== undefined && { verifyRefusals }),
    ...options.transactions,
  });
  const authenticator = new Authenticator(database, tokens, clock ?? (() => new Date()));
  const providers = new Providers(options.providers ?? {}, {
    deadlineMs: options.providerDeadlineMs,
    onFailure: options.onProviderFailure,
  });
  return new Shop({
    database,
    unitOfWork,
    authenticator,
    settings,
    providers,
    clock,
    random,
    allowPrivateEndpoints,
    verifyReasons: verifyRefusals,
  });
}
