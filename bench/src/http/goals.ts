import { JOB_LABELS } from '../calls/jobs.ts';
import { atLeast, atMost, type Goal } from '../goals.ts';
import type { ScenarioResult } from './bench.ts';
import { isUsual } from './scenarios.ts';

/** What each job should reach with the usual connections, in calls per second for each one of the server by hand. */
export const CALLS_GOALS: Readonly<Partial<Record<string, number>>> = {
  'place-spread': 1,
  'place-hot': 2,
  claim: 3,
  'claim-exhausted': 1,
  browse: 0.8,
  read: 0.8,
};

/** How much longer than by hand an order may take that has the server for itself. */
const LONE_LATENCY_MAX = 1.5;

export function goalsOf(results: readonly ScenarioResult[]): Goal[] {
  const calls = results.filter(isUsual).flatMap(({ job, ratio }) => {
    const bound = CALLS_GOALS[job];
    return bound === undefined ? [] : [atLeast(`${JOB_LABELS[job]}, calls/s`, bound, { value: ratio, digits: 2 })];
  });
  const alone = results
    .filter(({ job, connections }) => job === 'place-spread' && connections === 1)
    .map(({ latencyRatio }) =>
      atMost('place an order alone, latency', LONE_LATENCY_MAX, { value: latencyRatio, digits: 2 }),
    );
  return [...calls, ...alone];
}
