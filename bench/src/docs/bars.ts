import { JOB_LABELS } from '../calls/jobs.ts';
import type { Bar } from '../chart.ts';
import type { ScenarioResult } from '../http/bench.ts';
import { CALLS_GOALS } from '../http/goals.ts';
import { isUsual } from '../http/scenarios.ts';

/** The part of the http bench's figures that the chart shows. */
interface HttpFigures {
  readonly results: readonly ScenarioResult[];
}

export function chartBars({ results }: HttpFigures): readonly Bar[] {
  return results.filter(isUsual).map(({ job, ratio, servers }) => ({
    label: JOB_LABELS[job],
    ratio,
    goal: CALLS_GOALS[job],
    note: `${servers.baguni?.perSecond.median.toFixed(0)} : ${servers['by-hand']?.perSecond.median.toFixed(0)} /s`,
  }));
}

/** Whether these are the figures of the http bench; the file that they are read from is written by this program. */
export function isHttpFigures(figures: unknown): figures is HttpFigures {
  return typeof figures === 'object' && figures !== null && 'results' in figures && Array.isArray(figures.results);
}
