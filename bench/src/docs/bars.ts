import type { Bar } from '../chart.ts';
import type { ScenarioResult } from '../http/bench.ts';

/** The part of the http bench's figures that the chart shows. */
interface HttpFigures {
  readonly results: readonly ScenarioResult[];
}

/** What each job should reach, in calls per second for each one of the server by hand. */
const GOALS: Readonly<Partial<Record<string, number>>> = {
  'place-spread': 1,
  'place-hot': 2,
  claim: 3,
  'claim-exhausted': 1,
  browse: 0.8,
  read: 0.8,
};

const LABELS: Readonly<Partial<Record<string, string>>> = {
  browse: 'browse a page of 20',
  read: 'read one product',
  history: 'history of a wallet',
  add: 'add to cart',
  'place-spread': 'place an order',
  'place-hot': 'place, one hot product',
  claim: 'claim a hot coupon',
  'claim-exhausted': 'claim when sold out',
  mixed: 'mixed, 80 % reads',
};

export function chartBars({ results }: HttpFigures): readonly Bar[] {
  return results
    .filter(
      ({ connections, processes, callsPerRequest }) => connections === 64 && processes === 1 && callsPerRequest === 1,
    )
    .map(({ job, ratio, servers }) => ({
      label: LABELS[job] ?? job,
      ratio,
      goal: GOALS[job],
      note: `${servers.baguni?.perSecond.median.toFixed(0)} : ${servers['by-hand']?.perSecond.median.toFixed(0)} /s`,
    }));
}

export function isBar(bar: Bar): bar is Bar & { readonly goal: number } {
  return bar.goal !== undefined;
}

/** Whether these are the figures of the http bench; the file that they are read from is written by this program. */
export function isHttpFigures(figures: unknown): figures is HttpFigures {
  return typeof figures === 'object' && figures !== null && 'results' in figures && Array.isArray(figures.results);
}
