import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { seedDemo } from '@baguni/api';
import { createTestEngine, type TestEngine } from '@baguni/testing';
import { atMost, type Goal } from '../goals.ts';
import type { BenchOptions, Report } from '../report.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { table } from '../table.ts';
import { sendAgain, statementsOf } from './floor.ts';

const run = promisify(execFile);

/** How often everything is done in one round. */
const TIMES = 50;
const SQLITE_OPEN = 'SQLite alone: open and first read';
const SQLITE_PURCHASE = "SQLite alone: a purchase's statements";

/** Milliseconds of each thing that was done, by what it was. */
type Measured = Map<string, number[]>;

interface Line {
  readonly what: string;
  readonly milliseconds: Spread;
}

/** What a team waits for that tests with engines in memory, beside SQLite alone. */
export async function benchEngine({ rounds, say }: BenchOptions): Promise<Report> {
  say('engine: a minute or two');
  const alone: Measured = new Map();
  const together: Measured = new Map();
  for (let round = 0; round < rounds; round++) {
    await measurePrograms(alone);
    await measureEngines(together);
  }
  const [programs, engines] = [linesOf(alone), linesOf(together)];
  return {
    text: reportText(programs, engines),
    figures: { programs, engines },
    goals: goalsOf([...programs, ...engines]),
  };
}

/** What each thing may take at most, in milliseconds. */
const GOALS = new Map([
  ['both', { what: 'import and first test engine', most: 500, digits: 0 }],
  ['engine', { what: 'a further test engine', most: 2, digits: 2 }],
  ['fork', { what: 'a fork of one', most: 2, digits: 2 }],
  ['200 tests', { what: '200 tests with an engine, a purchase and an audit each', most: 3_000, digits: 0 }],
]);

function goalsOf(lines: readonly Line[]): Goal[] {
  return lines.flatMap(({ what, milliseconds }) => {
    const goal = GOALS.get(what);
    return goal ? [atMost(goal.what, goal.most, { value: milliseconds, unit: 'ms', digits: goal.digits })] : [];
  });
}

async function measurePrograms(measured: Measured): Promise<void> {
  const first = await figuresOf('first.ts');
  note(measured, 'import', first.import);
  note(measured, 'first engine after it', first.firstEngine);
  note(measured, 'both', (first.import ?? 0) + (first.firstEngine ?? 0));
  note(measured, 'both, processor time', first.cpu);
  const suite = await figuresOf('suite.ts');
  note(measured, '200 tests', suite.wall);
  note(measured, '200 tests, processor time', suite.cpu);
}

async function figuresOf(program: string): Promise<Readonly<Partial<Record<string, number>>>> {
  const { stdout } = await run(process.execPath, [fileURLToPath(new URL(program, import.meta.url))]);
  return JSON.parse(stdout);
}

/** Everything with the demo's shop inside. The first call of an engine is what it put off when it was made. */
async function measureEngines(measured: Measured): Promise<void> {
  const timed = async <Result>(what: string, work: () => PromiseLike<Result>): Promise<Result> => {
    const began = performance.now();
    const result = await work();
    note(measured, what, performance.now() - began);
    return result;
  };
  const browse = (engine: TestEngine) => engine.anonymous.products.list();

  await using shop = await createTestEngine();
  await seedDemo(shop.internals);
  const user = await shop.given.user({ points: 1_000_000 });
  const product = await shop.given.product({ stock: 1_000 });
  const start = await shop.snapshot();
  const statements = await statementsOf(start, { userId: user.id, productId: product.id });

  for (let time = 0; time < TIMES; time++) {
    const empty = await timed('engine', () => createTestEngine());
    await timed('engine, its first call', () => browse(empty));
    await empty.close();
    const fork = await timed('fork', () => shop.fork());
    await timed('fork, its first call', () => browse(fork));
    await timed('fork, its second call', () => browse(fork));
    const snapshot = await timed('snapshot', () => fork.snapshot());
    const items = [{ productId: product.id, quantity: 1 }];
    await timed('purchase', () => fork.customer(user).orders.place({ items, points: 1_000 }));
    await timed('audit', () => fork.audit());
    await timed('restore', () => fork.restore(snapshot));
    await timed('close, with its audit', () => fork.close());
    const floor = sendAgain(start, statements);
    note(measured, SQLITE_OPEN, floor.open);
    note(measured, SQLITE_PURCHASE, floor.purchase);
  }
}

function note(measured: Measured, what: string, milliseconds = Number.NaN): void {
  measured.set(what, [...(measured.get(what) ?? []), milliseconds]);
}

function linesOf(measured: Measured): Line[] {
  return [...measured].map(([what, milliseconds]) => ({ what, milliseconds: spreadOf(milliseconds) }));
}

function reportText(programs: readonly Line[], engines: readonly Line[]): string {
  const rows = (lines: readonly Line[], digits: number) =>
    table(
      ['', 'ms', 'min–max'],
      lines.map(({ what, milliseconds: { median, min, max } }) => [
        what,
        median.toFixed(digits),
        `${min.toFixed(digits)}–${max.toFixed(digits)}`,
      ]),
    );
  const median = (what: string) => engines.find((line) => line.what === what)?.milliseconds.median ?? Number.NaN;
  const forkRatio = (median('fork') + median('fork, its first call')) / median(SQLITE_OPEN);
  const purchaseRatio = median('purchase') / median(SQLITE_PURCHASE);
  return [
    'In a process of its own, from the sources. A test is an engine, a user, a product, a purchase and the closing audit.',
    '',
    rows(programs, 0),
    '',
    'In a process that has engines already, with the shop of the demo inside; `engine` is an empty one.',
    '',
    rows(engines, 2),
    '',
    `A fork with its first call takes ${forkRatio.toFixed(1)} times as long as SQLite takes to open the same bytes and read.`,
    `A purchase through client, wire and rules takes ${purchaseRatio.toFixed(1)} times as long as its statements alone.`,
  ].join('\n');
}
