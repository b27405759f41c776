import { JOBS, type JobName } from '../calls/jobs.ts';

/** What is measured: a job, and how it is asked for. */
export interface Scenario {
  readonly job: JobName;
  readonly connections: number;
  /** How many processes of each server share the connections. */
  readonly processes: number;
  /** How many calls travel in one request where the wire can. */
  readonly callsPerRequest: number;
}

export interface ScenarioFilter {
  readonly jobs: readonly string[] | undefined;
  readonly connections: readonly number[] | undefined;
}

const MEASURED = [
  'browse',
  'read',
  'history',
  'add',
  'place-spread',
  'place-hot',
  'claim',
  'claim-exhausted',
  'mixed',
] as const satisfies readonly JobName[];
const CONNECTIONS = [1, 16, 64, 256];
const BATCHED = ['read', 'history', 'place-spread', 'place-hot'] as const satisfies readonly JobName[];
const BATCH_SIZE = 10;
/** How many connections the bars speak of. */
const USUAL = 64;

const ALL: readonly Scenario[] = [
  ...MEASURED.flatMap((job) =>
    CONNECTIONS.map((connections) => ({ job, connections, processes: 1, callsPerRequest: 1 })),
  ),
  ...BATCHED.map((job) => ({ job, connections: USUAL, processes: 1, callsPerRequest: BATCH_SIZE })),
  // Last, because a second process stays once it is started.
  ...MEASURED.map((job) => ({ job, connections: USUAL, processes: 2, callsPerRequest: 1 })),
];

/** Whether a scenario is measured as the goals for calls per second mean it. */
export function isUsual({ connections, processes, callsPerRequest }: Scenario): boolean {
  return connections === USUAL && processes === 1 && callsPerRequest === 1;
}

/** The scenarios that were asked for; with names or numbers of connections given, one process and no batches. */
export function scenariosFor({ jobs, connections }: ScenarioFilter): readonly Scenario[] {
  const unknown = jobs?.find((job) => !(job in JOBS));
  if (unknown !== undefined) throw new Error(`There is no job ${unknown}; there are ${MEASURED.join(', ')}.`);
  if (!jobs && !connections) return ALL;
  return ALL.filter(
    (scenario) =>
      scenario.processes === 1 &&
      scenario.callsPerRequest === 1 &&
      (jobs?.includes(scenario.job) ?? true) &&
      (connections?.includes(scenario.connections) ?? true),
  );
}
