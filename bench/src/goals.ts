import type { Spread } from './statistics.ts';

/** What a bench is meant to reach, beside what it measured. */
export interface Goal {
  readonly what: string;
  /** The bound, with its unit: `≥ 1.0`, `≤ 180 MB`. */
  readonly bound: string;
  readonly measured: string;
  readonly isReached: boolean;
}

interface Bounded {
  readonly value: Spread | number;
  readonly unit?: string;
  readonly digits?: number;
}

export function atLeast(what: string, bound: number, measured: Bounded): Goal {
  return goal(what, { ...measured, sign: '≥', bound, isReached: (value) => value >= bound });
}

export function atMost(what: string, bound: number, measured: Bounded): Goal {
  return goal(what, { ...measured, sign: '≤', bound, isReached: (value) => value <= bound });
}

function goal(
  what: string,
  {
    value,
    unit = '',
    digits = 0,
    sign,
    bound,
    isReached,
  }: Bounded & { sign: string; bound: number; isReached: (value: number) => boolean },
): Goal {
  const written = (number: number) => number.toFixed(digits);
  const { median, min, max } = typeof value === 'number' ? { median: value, min: value, max: value } : value;
  const range = typeof value === 'number' ? '' : ` (${written(min)}–${written(max)})`;
  return {
    what,
    bound: `${sign} ${written(bound)}${unit && ` ${unit}`}`,
    measured: `${written(median)}${range}${unit && ` ${unit}`}`,
    isReached: isReached(median),
  };
}
