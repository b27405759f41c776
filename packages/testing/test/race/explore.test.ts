import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Exploration, explore, replay, type Schedule } from '../../src/race/explore.ts';
import type { StepKind } from '../../src/race/step.ts';
import { ToyPlay, type ToyStep } from './toy.ts';

interface Run {
  readonly schedule: Schedule;
  readonly ending: string;
}

type Operations = Readonly<Record<string, readonly ToyStep[]>>;

interface Limits {
  bound?: number;
  samples?: number;
  seed?: number;
  prune?: boolean;
  enough?: (ending: string) => boolean;
}

const never = () => false;

async function runsOf(
  operations: Operations,
  { bound = 100_000, samples = 0, seed = 1, prune = false, enough = never }: Limits = {},
): Promise<{ runs: Run[]; exploration: Exploration }> {
  const runs: Run[] = [];
  const exploration = await explore({
    start: async () => new ToyPlay(operations),
    ended: async ({ ending }, schedule) => {
      runs.push({ schedule, ending });
      return enough(ending) ? 'enough' : 'go on';
    },
    bound,
    samples,
    seed,
    ...(!prune && { commute: () => false }),
  });
  return { runs, exploration };
}

/** Outside a transaction, as answers are read after it. */
const READ: ToyStep = { kind: 'read', row: 'x' };
const writes = (...rows: string[]): ToyStep[] => rows.map((row) => ({ kind: 'write', row }));
const transaction = (...steps: ToyStep[]): ToyStep[] => [{ kind: 'begin' }, ...steps, { kind: 'commit' }];
const endingsOf = (runs: readonly Run[]) => [...new Set(runs.map(({ ending }) => ending))].sort();

test.for([
  { left: 2, right: 3, count: 10 },
  { left: 1, right: 1, count: 2 },
  { left: 6, right: 6, count: 924 },
  { left: 0, right: 4, count: 1 },
])('operations of $left and $right steps have $count schedules, each run once', async ({ left, right, count }) => {
  const operations = {
    left: writes(...Array.from({ length: left }, (_, step) => `left ${step}`)),
    right: writes(...Array.from({ length: right }, (_, step) => `right ${step}`)),
  };
  const { runs, exploration } = await runsOf(operations);
  expect(exploration).toEqual({ schedules: count, pruned: 0, isExhaustive: true });
  expect(new Set(runs.map(({ schedule }) => schedule.join())).size).toBe(count);
});

test('three operations of two steps have ninety schedules', async () => {
  const { exploration } = await runsOf({ a: writes('a', 'a'), b: writes('b', 'b'), c: writes('c', 'c') });
  expect(exploration.schedules).toBe(90);
});

test('whoever waits for a lock is not chosen until it is free', async () => {
  const change = transaction({ kind: 'lock', row: 'x' }, { kind: 'write', row: 'x' });
  const { runs } = await runsOf({ left: change, right: change });
  // 70 if nobody waited. One locks first, and the other one's lock is sent before or after the end of that one.
  expect(runs.length).toBeLessThan(70);
  expect(endingsOf(runs)).toHaveLength(4);
});

test('of schedules that cannot end differently one is run', async () => {
  const change = transaction({ kind: 'read', row: 'y' }, { kind: 'lock', row: 'x' }, { kind: 'write', row: 'x' });
  const all = await runsOf({ left: change, right: change });
  const pruned = await runsOf({ left: change, right: change }, { prune: true });
  expect(pruned.runs.length).toBeLessThan(all.runs.length / 4);
  expect(pruned.exploration).toMatchObject({ isExhaustive: true, pruned: expect.any(Number) });
  expect(endingsOf(pruned.runs)).toEqual(endingsOf(all.runs));
});

test('pruning loses no ending, whatever the operations do', async () => {
  const step = fc.record({
    kind: fc.constantFrom<StepKind[]>('read', 'lock', 'write'),
    row: fc.constantFrom('x', 'y'),
  });
  const operation = fc
    .array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 })
    .map((transactions) => [...transactions.flatMap((steps) => transaction(...steps)), READ])
    .filter((steps) => steps.length <= 7);
  await fc.assert(
    fc.asyncProperty(operation, operation, async (left, right) => {
      const all = await runsOf({ left, right });
      const pruned = await runsOf({ left, right }, { prune: true });
      expect(endingsOf(pruned.runs)).toEqual(endingsOf(all.runs));
      expect(pruned.runs.length).toBeLessThanOrEqual(all.runs.length);
    }),
    { numRuns: 150, seed: 1 },
  );
});

test('pruning loses no ending of three operations', async () => {
  const step = fc.record({
    kind: fc.constantFrom<StepKind[]>('read', 'lock', 'write'),
    row: fc.constantFrom('x', 'y'),
  });
  const operation = fc.array(step, { minLength: 1, maxLength: 2 }).map((steps) => transaction(...steps));
  await fc.assert(
    fc.asyncProperty(operation, operation, transactionOfOne(), async (a, b, c) => {
      const all = await runsOf({ a, b, c });
      const pruned = await runsOf({ a, b, c }, { prune: true });
      expect(endingsOf(pruned.runs)).toEqual(endingsOf(all.runs));
    }),
    { numRuns: 10, seed: 1 },
  );
});

function transactionOfOne() {
  return fc.constantFrom<ToyStep[]>(
    transaction({ kind: 'lock', row: 'x' }),
    transaction({ kind: 'write', row: 'y' }),
    transaction({ kind: 'read', row: 'x' }),
  );
}

test('a schedule that ended badly is the last, and ends the same way when it is played again', async () => {
  const lost = transaction({ kind: 'read', row: 'x' }, { kind: 'write', row: 'x' });
  const isLost = (ending: string) => !ending.includes('after left') && !ending.includes('after right');
  const { runs, exploration } = await runsOf({ left: lost, right: lost }, { enough: isLost });
  const last = runs.at(-1);
  expect(exploration).toMatchObject({ schedules: runs.length, isExhaustive: false });
  expect(runs.slice(0, -1).some(({ ending }) => isLost(ending))).toBe(false);
  const again = new ToyPlay({ left: lost, right: lost });
  await replay(again, last?.schedule ?? []);
  expect(again.ending).toBe(last?.ending);
});

test('what is more than the bound is drawn from the seed, and the same seed draws the same', async () => {
  const operations = { left: writes('a', 'b', 'c', 'd', 'e'), right: writes('f', 'g', 'h', 'i', 'j') };
  const drawn = (seed: number) => runsOf(operations, { bound: 20, samples: 30, seed });
  const first = await drawn(7);
  expect(first.exploration).toEqual({ schedules: 50, pruned: 0, isExhaustive: false });
  expect(await drawn(7)).toEqual(first);
  expect((await drawn(8)).runs.slice(20)).not.toEqual(first.runs.slice(20));
});

test('a bound that is just enough leaves nothing to draw', async () => {
  const operations = { left: writes('a', 'b'), right: writes('c', 'd', 'e') };
  const { exploration } = await runsOf(operations, { bound: 10, samples: 30 });
  expect(exploration).toEqual({ schedules: 10, pruned: 0, isExhaustive: true });
});

test('a schedule that does not fit is refused', async () => {
  const play = new ToyPlay({ left: writes('a'), right: writes('b') });
  await expect(replay(play, ['left', 'left'])).rejects.toThrow('it was the turn of left, but ready is right');
});
