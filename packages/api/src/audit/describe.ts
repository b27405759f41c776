import type { Difference } from './schema.ts';

/** A difference as one line for a person. */
export function describeDifference({ invariant, table, id, problem, expected, found }: Difference): string {
  const values = expected === null || found === null ? '' : ` Expected ${expected}, found ${found}.`;
  return `${invariant}  ${table} ${id}: ${problem}${values}`;
}
