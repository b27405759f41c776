import { barChart } from '../chart.ts';
import type { Goal } from '../goals.ts';
import { chartBars, isHttpFigures } from './bars.ts';

/** What one run of a bench left for the document. */
export interface KeptRun {
  readonly date: string;
  readonly machine: Readonly<Record<string, string | number>>;
  /** How many programs were running or waiting to run in the minute before. */
  readonly loadBefore: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly text: string;
  /** How it was measured, where that is not so many rounds of so many seconds. */
  readonly measured?: string;
  readonly figures: unknown;
  readonly goals: readonly Goal[];
}

export type KeptRuns = Readonly<Partial<Record<string, KeptRun>>>;

const TITLES: Readonly<Record<string, string>> = {
  http: 'Through HTTP',
  'unit-of-work': 'The unit of work alone',
  overload: 'Ten times too many',
  growth: 'A shop that grows',
  memory: 'Memory',
  start: 'The start',
  engine: 'Engines in tests',
};

const INTRODUCTION = `# Performance

How fast Baguni is, beside what a careful engineer would write by hand: a Fastify server with \`pg\`, prepared statements and
one transaction a request (\`bench/src/by-hand\`), on the same tables, with the same answers, the same durability and the same
idempotency records. Before anything is measured, both must answer alike and leave the same rows; afterwards every answered
change must be in the books exactly once, and the audit of both shops must be clean.

Only ratios of one run carry over to another machine. To repeat them:

\`\`\`sh
pnpm bench http --write-docs              # or unit-of-work, overload, growth, memory, start, engine; all without a name
pnpm bench http --jobs place-spread,read --connections 64 --rounds 3   # a quick look, which changes no file
\`\`\`

\`--write-docs\` keeps the figures in \`docs/performance/figures.json\` and writes this file and the chart from them.

- Postgres is the bench's own, with \`fsync\` on. Servers and the load generator are processes of their own; Baguni is the program
  that \`pnpm start\` runs, its jobs included, and it is asked in the wire of the SDK (a test compares the two).
- Subject and baseline take turns, and who goes first changes each round. Numbers are medians of the rounds.
- Visitors who browse or read have no token; customers send a JWT, which both servers check.
- A second server process is a second process of both servers. With several calls a request, the server by hand is sent each call
  alone, because its wire has no batches.
`;

const GOALS = `## Goals

Calls and orders per second and latency are ratios to what is written by hand, with 64 connections unless said otherwise. How many SQL
statements a call takes is no matter of time; \`bench/test/statements.postgres.test.ts\` counts them.
`;

const LIMITS = `## What limits it

- Visitors who ask for the same page at once share its answer (\`shared-reads.ts\`), and single rows that are asked for at once share a
  statement (\`single-rows.ts\`): that is how browsing and reading keep up. A page that is another one for each caller, such as the history of
  a wallet, still costs more than by hand. About a third of that is collecting garbage: the server by hand runs with V8's own settings, Baguni
  with a young generation of half the size, which takes less memory and is full twice as often (with \`--max-semi-space-size=16\` a page took a
  fifth less processor time in a trial). V8 is kept from putting what rows are made of straight into the old space
  (\`--no-allocation-site-pretenuring\`), which it did after a while under load, and then took twice as long to collect it.
- A lone caller of a command waits longer than by hand, though the transaction waits for the database four times and by hand eleven times:
  the way through batches, rows and rules is longer than through statements in a row, a batch of one shares it with nobody, and code that
  runs some hundred times a second finds the processor's caches cold. The database's share is the same for both.
- An order sends one statement with all its rows, and the database spends most of it on indexes and foreign keys, as by hand.
- Ten times too many orders are ten requests for each order that can be placed, some fourteen thousand a second. In a trial a refusal took
  38 to 60 µs of a processor (with 64 and with 1,000 connections), a server of Node that answers a constant 31 to 48, and the load generator 27 to
  50 for each request: about one of the two processors has that to do. Looked at second by second, the server's one thread ran for 0.7 of the
  time and waited for a processor for nearly all the rest, while V8's threads that collect and compile ran for 0.3. In a profile of that
  thread about 30 % are refusals, 15 % collecting garbage, 13 % waiting, and the rest orders. More batches at once (4, 5 and 8 instead of 2), larger ones (128, 200), fewer requests at once (160, 256),
  and other settings of V8's collector made no difference that repeated runs confirmed. What is left places as many orders as before, or more;
  but the peak has risen from 788 to about 1,400 a second, and with it ten times the peak, so the share falls as the peak rises.
  It would take a refusal below Node's HTTP, or to leave requests unread, which then wait for a second instead of being
  told within 50 ms; and a generator on another machine.
- Node accepts one connection in each turn of its event loop. Of a crowd that has to connect, the last ones wait for seconds; refusals on
  connections that are there take a fraction of one.
- Both servers run from their TypeScript sources, and what strips the types takes memory. The figures of memory and of the start are also
  taken of the packed server: built, packed, and installed with npm outside the workspace, as its users run it.
- Of the memory under load about a third is Node's own program, a fifth is what the server holds, and the rest is garbage that V8 lets
  wait and memory that it keeps at hand. The server is started with
  \`--heap-growing-percent\`, so that it collects sooner, which costs a few percent of its speed; a smaller limit of the heap would do the same,
  but end a server that needs more for a moment. \`--heap-growing-percent=10\` takes 8 MB less and a few percent more time.
- The programs are bundles: with npm a start read 1,600 files, half of them of Kysely, which MikroORM brings twice besides ours, and
  reads about 220 now. Most of these are Fastify's and pg's, which stay outside so that an installation can renew them; inside, they would save
  another tenth of the time. Node's compile cache is not used: it made the start of all those files a seventh quicker in a trial, and lies in a
  folder for temporary files, where others may be able to put code of theirs.
- Milliseconds, of the start and of engines, are this machine's: it was up to half as slow again in this run as on other days.`;

const LOAD_OF_A_QUIET_MACHINE = 0.5;

export const CHART = 'http.svg';

/** The document and its chart; everything measured in them comes from the runs that were kept. */
export function documentFor(runs: KeptRuns): { markdown: string; chart: string | undefined } {
  const { http } = runs;
  const bars = http && isHttpFigures(http.figures) ? chartBars(http.figures) : [];
  const chart =
    http && bars.length > 0
      ? barChart({
          title: 'Calls per second, for each one of a server written by hand',
          subtitle: `64 connections, one process, ${where(http)}; the line through a bar is its spread, the dashed one its goal`,
          bars,
        })
      : undefined;
  const sections = Object.entries(TITLES).flatMap(([name, title]) => {
    const run = runs[name];
    return run ? [section(title, run)] : [];
  });
  const picture = chart ? [`![Calls per second beside a server written by hand](performance/${CHART})`] : [];
  const goals = Object.keys(TITLES).flatMap((name) => runs[name]?.goals ?? []);
  return {
    markdown: `${[INTRODUCTION, ...picture, goalsTable(goals), LIMITS, ...sections].join('\n\n').replaceAll('\n\n\n', '\n\n')}\n`,
    chart,
  };
}

function goalsTable(goals: readonly Goal[]): string {
  const rows = goals.map(
    ({ what, bound, measured, isReached }) =>
      `| ${what} | ${bound} | ${measured} | ${isReached ? 'holds' : 'does not hold'} |`,
  );
  return [GOALS, '| | goal | measured | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function section(title: string, run: KeptRun): string {
  const measured = run.measured ?? `${run.rounds} rounds of ${run.seconds} s`;
  return `## ${title}\n\nMeasured on ${run.date}: ${where(run)}, ${measured}.${busy(run)}\n\n\`\`\`text\n${run.text}\n\`\`\``;
}

function where({ machine }: KeptRun): string {
  return `${machine.processors} × ${machine.processor}, ${machine.memory}, Node ${machine.node}`;
}

/** What else the machine had to do makes every figure less sure. */
function busy({ loadBefore }: KeptRun): string {
  if (loadBefore < LOAD_OF_A_QUIET_MACHINE) return '';
  return ` **Provisional:** other programs were using the machine (load ${loadBefore.toFixed(1)} before the run).`;
}
