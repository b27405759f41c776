import { checkAudit } from '../books.ts';
import type { WireName } from '../calls/wires.ts';
import { Generator } from '../generator/generator.ts';
import type { BenchOptions, Report } from '../report.ts';
import { BenchServer } from '../server.ts';
import { createShop } from '../shop/create.ts';
import { type Measurement, Stand } from '../stand.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { claimUntilGone } from './cap.ts';
import { goalsOf } from './goals.ts';
import { reportText } from './report.ts';
import { assertSame } from './same-answers.ts';
import { type Scenario, scenariosFor } from './scenarios.ts';

/** A server runs for weeks; what it does before its code is compiled does not count. */
const WARM_UP_SECONDS = 2;

/** What several rounds of one scenario gave for one server. */
export interface Figures {
  readonly perSecond: Spread;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
  readonly serverCpuMs: Spread | undefined;
  readonly databaseCpuMs: Spread | undefined;
  readonly generatorCpuMs: Spread;
  /** In bytes. */
  readonly memory: Spread | undefined;
}

export interface ScenarioResult extends Scenario {
  readonly servers: Readonly<Partial<Record<WireName, Figures>>>;
  /** Calls per second of Baguni for each one of the server by hand, round by round. */
  readonly ratio: Spread;
  /** How long a request to Baguni takes for each millisecond of the server by hand, in the middle of each round. */
  readonly latencyRatio: Spread;
}

/** The whole stack through the SDK's wire, beside a server written by hand. */
export async function benchHttp({ seconds, rounds, jobs, connections, say }: BenchOptions): Promise<Report> {
  const scenarios = scenariosFor({ jobs, connections });
  const runs = scenarios.length * rounds * 2;
  say(`http: ${scenarios.length} scenarios, about ${Math.ceil((runs * (seconds + 0.5) + 30) / 60)} minutes`);

  await using postgres = await BenchServer.start();
  await using generator = new Generator();
  const shop = await createShop(postgres.postgres);
  const open = async (name: WireName) =>
    Stand.open(name, { databaseUrl: await postgres.postgres.createDatabase(shop), postgres, generator });
  await using baguni = await open('baguni');
  await using byHand = await open('by-hand');
  await using constant = await open('constant');

  const compared = await assertSame(baguni, byHand);
  say(`${compared} operations were answered alike and left the same rows.`);
  for (const stand of [baguni, byHand]) {
    await claimUntilGone(stand);
    await warmUp(stand, scenarios);
  }

  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    const stands = scenario.job === 'read' && scenario.processes === 1 ? [baguni, byHand, constant] : [baguni, byHand];
    const result = await runScenario(scenario, stands, { seconds, rounds });
    results.push(result);
    say(progress(result));
  }
  const checks = [await checkAudit(baguni.databaseUrl), await checkAudit(byHand.databaseUrl)];
  say(`${checks[0]} audit checks of both shops: no difference.`);
  const { settings } = postgres;
  return { text: reportText(results, settings), figures: { settings, rounds, results }, goals: goalsOf(results) };
}

async function warmUp(stand: Stand, scenarios: readonly Scenario[]): Promise<void> {
  const jobs = new Map(scenarios.map((scenario) => [scenario.job, scenario]));
  for (const scenario of jobs.values()) {
    await stand.measure({ ...scenario, connections: 64, processes: 1, callsPerRequest: 1 }, WARM_UP_SECONDS / 2);
    await stand.settle();
  }
  await stand.analyze();
}

async function runScenario(
  scenario: Scenario,
  stands: readonly Stand[],
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<ScenarioResult> {
  const measured = new Map<WireName, Measurement[]>(stands.map(({ name }) => [name, []]));
  for (const stand of stands) {
    await stand.useProcesses(scenario.processes);
    // The first round after another job, or of a new process, is not counted.
    await stand.measure(scenario, seconds / 2);
    await stand.settle();
  }
  for (let round = 0; round < rounds; round++) {
    // Who goes first finds the machine as the other left it, so they take turns.
    for (const stand of round % 2 === 0 ? stands : stands.toReversed()) {
      measured.get(stand.name)?.push(await stand.measure(scenario, seconds));
      await stand.settle();
    }
  }
  for (const stand of stands) if (stand.name !== 'constant') await stand.check();

  const baguni = measured.get('baguni') ?? [];
  const byHand = measured.get('by-hand') ?? [];
  return {
    ...scenario,
    servers: Object.fromEntries([...measured].map(([name, measurements]) => [name, figuresOf(measurements)])),
    ratio: spreadOf(baguni.map(({ perSecond }, round) => perSecond / (byHand[round]?.perSecond ?? Number.NaN))),
    latencyRatio: spreadOf(baguni.map(({ p50Ms }, round) => p50Ms / (byHand[round]?.p50Ms ?? Number.NaN))),
  };
}

function figuresOf(measurements: readonly Measurement[]): Figures {
  const spread = (value: (measurement: Measurement) => number) => spreadOf(measurements.map(value));
  const spreadIfKnown = (value: (measurement: Measurement) => number | undefined) => {
    const values = measurements.map(value).filter((each) => each !== undefined);
    return values.length > 0 ? spreadOf(values) : undefined;
  };
  return {
    perSecond: spread(({ perSecond }) => perSecond),
    p50Ms: spread(({ p50Ms }) => p50Ms),
    p99Ms: spread(({ p99Ms }) => p99Ms),
    serverCpuMs: spreadIfKnown(({ serverCpuMs }) => serverCpuMs),
    databaseCpuMs: spreadIfKnown(({ databaseCpuMs }) => databaseCpuMs),
    generatorCpuMs: spread(({ generatorCpuMs }) => generatorCpuMs),
    memory: spreadIfKnown(({ memory }) => memory),
  };
}

function progress({ job, connections, processes, callsPerRequest, servers, ratio }: ScenarioResult): string {
  const how = `${connections} connections${processes > 1 ? `, ${processes} processes` : ''}${callsPerRequest > 1 ? `, ${callsPerRequest} calls a request` : ''}`;
  const rate = (name: WireName) => servers[name]?.perSecond.median.toFixed(0);
  return `${job}, ${how}: ${ratio.median.toFixed(2)} (${rate('baguni')}/s, by hand ${rate('by-hand')}/s)`;
}
