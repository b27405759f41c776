import type { TestProvider } from '@baguni/api';
import { type Database, DomainError, type Interceptor, openDatabase } from '@baguni/db';
import { isBaguniError } from '@baguni/sdk';
import { createTestEngine, TestEngine, type TestEngineOptions } from '../engine.ts';
import { Faults } from '../faults/faults.ts';
import { type Exploration, explore, replay, type Schedule } from './explore.ts';
import { LockWatch, urlOf } from './lock-watch.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { CALL_PATIENCE_MS, PatientConnections } from './patience.ts';
import { type Breach, endingOf, lettersOf, OPERATIONS_MAX, RaceReport, scheduleOf } from './report.ts';
import { type Outcome, Stage } from './stage.ts';
import { StartState } from './start-state.ts';

export type { Breach } from './report.ts';
export { RaceReport } from './report.ts';
export type { Outcome, TraceLine } from './stage.ts';

/** What an operation works with. */
export interface Contestant<Given> {
  /** An engine of its own on the common database, as another server would be, with a clock of its own. */
  readonly engine: TestEngine;
  readonly given: Given;
}

/** What is looked at when all operations have ended. */
export interface Finish<Given, Name extends string> extends Contestant<Given> {
  readonly outcomes: Readonly<Record<Name, Outcome>>;
}

export interface Race<Given, Name extends string> {
  /** An empty Postgres database, for this race alone. */
  readonly databaseUrl: string;
  /** Makes what every schedule begins with. */
  readonly given: (engine: TestEngine) => Promise<Given>;
  /** What happens at once, by name. */
  readonly operations: { readonly [Each in Name]: (contestant: Contestant<Given>) => PromiseLike<unknown> };
  /** Throws if something is wrong after a schedule. The books are checked after it without being asked. */
  readonly check?: (finish: Finish<Given, Name>) => Promise<void> | void;
  /** How many schedules are run at most to find all of them; 1,000 unless said otherwise. */
  readonly bound?: number;
  /** How many are run at random if there are more than that; 200 unless said otherwise. */
  readonly samples?: number;
  /** From which those are drawn; 1 unless said otherwise. */
  readonly seed?: number;
  /** `false` also runs schedules that cannot end otherwise than one that was run: many more, to see that it is so. */
  readonly prune?: boolean;
  /** Only this schedule, as a report printed it. */
  readonly schedule?: string;
  /** The engines of the operations, where they differ from any other test engine. */
  readonly options?: Omit<TestEngineOptions, 'databaseUrl' | 'provider'>;
}

const BOUND = 1_000;
const SAMPLES = 200;

/**
 * Runs operations at once, on Postgres, in every order in which their steps can follow each other. A step is a
 * statement or a call of the test payment provider, and each waits until it is its turn. One that waits for another
 * one's lock is left waiting, and others go on. Each schedule begins in the same state. The report names the first
 * one after which the books do not agree, or in which there was a deadlock, an error that is no refusal, or something
 * that `check` does not like.
 */
export async function race<Given, Name extends string>(race: Race<Given, Name>): Promise<RaceReport> {
  await using track = await Track.open(race);
  return await track.run();
}

/** What all schedules of a race have in common. */
interface Ground<Given> {
  /** The engine that made the start and looks at the end; it is not held back. */
  readonly home: TestEngine;
  readonly given: Given;
  readonly start: StartState;
  readonly ledger: TestProvider['ledger'];
  readonly now: Date;
  readonly watch: LockWatch;
  readonly closing: AsyncDisposableStack;
}

class Track<Given, Name extends string> implements AsyncDisposable {
  readonly #race: Race<Given, Name>;
  readonly #names: readonly Name[];
  readonly #ground: Ground<Given>;
  readonly #databases = new Map<Name, Database>();
  readonly #endings: Record<string, number> = {};
  #stage: Stage | undefined;
  #engines = new Map<Name, TestEngine>();
  #blocked = 0;
  #breach: Breach | undefined;

  static async open<Given, Name extends string>(race: Race<Given, Name>): Promise<Track<Given, Name>> {
    const { databaseUrl } = race;
    if (!databaseUrl.startsWith('postgres'))
      throw new Error('A race needs Postgres: SQLite lets one writer in at a time.');
    await using stack = new AsyncDisposableStack();
    // The books are looked at after each schedule; a breach is in the report.
    const home = stack.use(await createTestEngine({ ...race.options, databaseUrl, auditOnClose: false }));
    const given = await race.given(home);
    const tables = home.internals.database.tables.map(({ tableName }) => tableName);
    const start = stack.use(await StartState.of(databaseUrl, tables));
    const watch = stack.use(await LockWatch.on(databaseUrl));
    const track = new Track(race, {
      home,
      given,
      start,
      ledger: home.provider.ledger,
      now: home.clock.now(),
      watch,
      closing: stack.move(),
    });
    await track.#openDatabases();
    // What is said at the first connection, and never again, is no step.
    await Promise.all([...track.#databases.values()].map((database) => database.isReachable()));
    return track;
  }

  private constructor(race: Race<Given, Name>, ground: Ground<Given>) {
    this.#race = race;
    this.#ground = ground;
    this.#names = namesOf(race.operations);
    if (this.#names.length > OPERATIONS_MAX) throw new Error(`At most ${OPERATIONS_MAX} operations can race.`);
  }

  async #openDatabases(): Promise<void> {
    const connections = new PatientConnections();
    for (const name of this.#names) {
      // Outside a schedule, while connections are made or closed, nothing is held back.
      const inTurn: Interceptor = (statement) =>
        this.#stage ? this.#stage.passSql(name, statement) : statement.send();
      const interceptor = oneAtATime((statement) => connections.pass(statement, inTurn));
      const database = await openDatabase(urlOf(name, this.#race.databaseUrl), { interceptor });
      this.#databases.set(name, this.#ground.closing.use(database));
    }
  }

  async run(): Promise<RaceReport> {
    const { schedule, bound = BOUND, samples = SAMPLES, seed = 1, prune = true } = this.#race;
    const exploration =
      schedule === undefined
        ? await explore({
            start: () => this.#begin(),
            ended: (stage, played) => this.#end(stage, played),
            bound,
            samples,
            seed,
            ...(!prune && { commute: () => false }),
          })
        : await this.#replay(scheduleOf(schedule, this.#names));
    return new RaceReport({
      ...exploration,
      seed,
      blocked: this.#blocked,
      endings: this.#endings,
      breach: this.#breach,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const stage = this.#stage;
    // Not undefined if something failed on the way: then operations still wait for their turn.
    await stage?.giveUp();
    this.#stage = undefined;
    await this.#ground.closing.disposeAsync();
  }

  async #replay(schedule: Schedule): Promise<Exploration> {
    const stage = await this.#begin();
    await replay(stage, schedule);
    await this.#end(stage, schedule);
    return { schedules: 1, pruned: 0, isExhaustive: false };
  }

  async #begin(): Promise<Stage> {
    const { home, given, start, ledger, now, watch } = this.#ground;
    this.#stage = undefined;
    await start.restore();
    home.provider.restore(ledger);
    home.clock.jump(now);
    this.#engines = new Map([...this.#databases].map(([name, database]) => [name, this.#engineOf(name, database)]));
    const stage = new Stage(this.#names, watch);
    this.#stage = stage;
    await stage.begin(
      new Map([...this.#engines].map(([name, engine]) => [name, () => this.#race.operations[name]({ engine, given })])),
    );
    return stage;
  }

  /** Another server, as it is when it has just started. */
  #engineOf(name: Name, database: Database): TestEngine {
    const { provider } = this.#ground.home;
    const { options } = this.#race;
    const parts = { database: database.begunAgain(), now: this.#ground.now, faults: new Faults() };
    return new TestEngine(parts, {
      providerDeadlineMs: CALL_PATIENCE_MS,
      ...options,
      provider: heldBack(provider, (call, send) =>
        this.#stage
          ? this.#stage.pass({ operation: name, kind: 'call', name: `provider.${call}`, tables: [] }, send)
          : send(),
      ),
      // A pause would let the clock on the wall decide who goes first.
      transactions: { ...options?.transactions, retryPauseMsMax: 0 },
    });
  }

  async #end(stage: Stage, schedule: Schedule): Promise<'enough' | 'go on'> {
    this.#stage = undefined;
    if (stage.trace.some(({ waitsFor }) => waitsFor.length > 0)) this.#blocked++;
    const { outcomes, trace } = stage;
    const ending = endingOf(outcomes);
    this.#endings[ending] = (this.#endings[ending] ?? 0) + 1;
    const problems = await this.#problemsAfter(stage);
    if (problems.length === 0) return 'go on';
    this.#breach = { problems, schedule: lettersOf(schedule, this.#names), trace, outcomes };
    return 'enough';
  }

  async #problemsAfter({ deadlocks, outcomes }: Stage): Promise<string[]> {
    const problems = deadlocks.map((where) => `There was a deadlock, which the database ended by refusing ${where}.`);
    for (const name of this.#names) {
      const outcome = outcomes[name];
      if (outcome?.status === 'failed' && !isRefusal(outcome.error))
        problems.push(`${name} failed: ${textOf(outcome.error)}`);
      for (const error of this.#engines.get(name)?.internalErrors ?? []) {
        problems.push(`Inside the engine of ${name} something failed: ${textOf(error)}`);
      }
    }
    const { home: engine, given } = this.#ground;
    try {
      await this.#race.check?.({ engine, given, outcomes: complete(outcomes, this.#names) });
    } catch (error) {
      problems.push(`The check failed: ${textOf(error)}`);
    }
    const { differences } = await engine.audit();
    for (const { invariant, table, id, problem } of differences) {
      problems.push(`The books are wrong (${invariant}): ${table} ${id}: ${problem}`);
    }
    return problems;
  }
}

/** What goes over the network to a payment provider. */
const CALLS = new Set<string | symbol>(['collect', 'capture', 'lookUp', 'refund']);

/** A provider whose every call has to pass. */
function heldBack(
  provider: TestProvider,
  pass: (call: string, send: () => Promise<unknown>) => Promise<unknown>,
): TestProvider {
  return new Proxy(provider, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      const send = async (...args: unknown[]): Promise<unknown> => Reflect.apply(member, target, args);
      return CALLS.has(name) ? (...args: unknown[]) => pass(String(name), () => send(...args)) : member.bind(target);
    },
  });
}

/** Reasons that say that the shop could not, not that it would not. */
const NOT_REFUSALS: readonly string[] = [
  'INTERNAL',
  'UNAVAILABLE',
  'OVERLOADED',
  'OUTCOME_UNKNOWN',
  'CONNECTION_FAILED',
  'TIMED_OUT',
  'ANSWER_UNREADABLE',
];

function isRefusal(error: unknown): boolean {
  return (isBaguniError(error) || error instanceof DomainError) && !NOT_REFUSALS.includes(error.reason);
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function namesOf<Name extends string>(operations: Readonly<Record<Name, unknown>>): Name[] {
  const isName = (name: string): name is Name => name in operations;
  return Object.keys(operations).filter(isName);
}

function complete<Name extends string>(
  outcomes: Readonly<Record<string, Outcome>>,
  names: readonly Name[],
): Record<Name, Outcome> {
  const isComplete = (some: Readonly<Record<string, Outcome>>): some is Record<Name, Outcome> =>
    names.every((name) => name in some);
  if (!isComplete(outcomes)) throw new Error('An operation has not come to its end.');
  return outcomes;
}
