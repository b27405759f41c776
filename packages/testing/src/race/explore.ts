import { commute as commuteSteps, type Step, type TakenStep } from './step.ts';

/** One run of the operations, in which somebody else says who goes next. */
export interface Play {
  /** The next steps of those who may go now, in the order of the operations; none when all have ended. */
  ready(): readonly Step[];
  /** Lets an operation take its next step, until nobody moves any more; answers whom the step then waits for. */
  take(operation: string): Promise<readonly string[]>;
}

/** Who went, step by step: played again it gives the same run. */
export type Schedule = readonly string[];

export interface Exploration {
  /** How many schedules were run. */
  readonly schedules: number;
  /** How many more there would be that cannot end otherwise than one that was run. */
  readonly pruned: number;
  /** Whether no other schedule can end otherwise than one that was run. */
  readonly isExhaustive: boolean;
}

export interface ExploreOptions<P extends Play> {
  /** Begins a run; each begins in the same state. */
  readonly start: () => Promise<P>;
  /** Looks at a run that has ended; `'enough'` ends the exploration. */
  readonly ended: (play: P, schedule: Schedule) => Promise<'enough' | 'go on'>;
  /** How many schedules are run at most to find all of them. */
  readonly bound: number;
  /** If there are more: how many are run at random after that. */
  readonly samples: number;
  readonly seed: number;
  /** Whether two steps of two operations have the same outcome in either order; by default, what `step.ts` says. */
  readonly commute?: typeof commuteSteps;
}

/** A place where somebody was chosen, and those who can be chosen there. */
interface Crossing {
  readonly options: readonly string[];
  /** Steps that were tried first before this one was reached; taken now, they would lead where they led then. */
  readonly asleep: readonly TakenStep[];
  readonly tried: TakenStep[];
  choice: number;
}

/**
 * Runs every schedule, depth first, and of those that differ only in the order of steps that do not touch each other
 * just one (sleep sets: Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996).
 */
export async function explore<P extends Play>(options: ExploreOptions<P>): Promise<Exploration> {
  const { start, ended, bound, samples, seed, commute = commuteSteps } = options;
  const way: Crossing[] = [];
  let schedules = 0;
  let pruned = 0;
  do {
    if (schedules === bound) {
      for (let sample = 0; sample < samples; sample++) {
        const play = await start();
        const schedule = await playAtRandom(play, randomNumbers(seed + sample));
        schedules++;
        if ((await ended(play, schedule)) === 'enough') break;
      }
      return { schedules, pruned, isExhaustive: false };
    }
    const play = await start();
    const { schedule, asleepCount, isKnown } = await playNext(play, way, commute);
    pruned += asleepCount;
    if (!isKnown) {
      schedules++;
      if ((await ended(play, schedule)) === 'enough') return { schedules, pruned, isExhaustive: false };
    }
  } while (turnBack(way));
  return { schedules, pruned, isExhaustive: true };
}

/** Plays a schedule again. Where it says nothing any more, the first who may go goes. */
export async function replay(play: Play, schedule: Schedule): Promise<void> {
  const left = [...schedule];
  for (let ready = play.ready(); ready.length > 0; ready = play.ready()) {
    const [first] = ready;
    const operation = left.shift() ?? first?.operation ?? '';
    assertReady(operation, ready);
    await play.take(operation);
  }
}

async function playNext(
  play: Play,
  way: Crossing[],
  commute: typeof commuteSteps,
): Promise<{ schedule: Schedule; asleepCount: number; isKnown: boolean }> {
  const schedule: string[] = [];
  let asleep: readonly TakenStep[] = [];
  let asleepCount = 0;
  for (let ready = play.ready(); ready.length > 0; ready = play.ready()) {
    let crossing = way[schedule.length];
    if (!crossing) {
      const awake = ready.filter(({ operation }) => !asleep.some(({ step }) => step.operation === operation));
      // Wherever this goes, a run before it has been there.
      if (awake.length === 0) {
        await replay(play, []);
        return { schedule, asleepCount, isKnown: true };
      }
      asleepCount += ready.length - awake.length;
      crossing = { options: inTurn(awake, schedule.at(-1)), asleep, tried: [], choice: 0 };
      way.push(crossing);
    }
    const operation = crossing.options[crossing.choice] ?? '';
    const step = assertReady(operation, ready);
    const waitsFor = await play.take(operation);
    schedule.push(operation);
    const { tried } = crossing;
    asleep = [...crossing.asleep, ...tried.slice(0, crossing.choice)].filter((taken) => commute(taken, step));
    tried[crossing.choice] = { step, waitsFor };
  }
  return { schedule, asleepCount, isKnown: false };
}

// Whoever went last goes last: so it is known that another one has to wait for it before it is tried later.
function inTurn(awake: readonly Step[], last: string | undefined): string[] {
  const names = awake.map(({ operation }) => operation);
  return [...names.filter((name) => name !== last), ...names.filter((name) => name === last)];
}

/** Goes back to the last crossing that has a way left; whether there is one. */
function turnBack(way: Crossing[]): boolean {
  for (let crossing = way.at(-1); crossing; crossing = way.at(-1)) {
    crossing.choice++;
    if (crossing.choice < crossing.options.length) return true;
    way.pop();
  }
  return false;
}

async function playAtRandom(play: Play, random: () => number): Promise<Schedule> {
  const schedule: string[] = [];
  for (let ready = play.ready(); ready.length > 0; ready = play.ready()) {
    const operation = ready[Math.floor(random() * ready.length)]?.operation ?? '';
    await play.take(operation);
    schedule.push(operation);
  }
  return schedule;
}

function assertReady(operation: string, ready: readonly Step[]): Step {
  const step = ready.find((each) => each.operation === operation);
  if (step) return step;
  const names = ready.map((each) => each.operation).join(' or ');
  throw new Error(`The run did not repeat itself: it was the turn of ${operation}, but ready is ${names}.`);
}

/** Numbers between 0 and 1 that are the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
