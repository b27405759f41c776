import type { DomainError } from '../errors.ts';
import type { CommandRows } from './row-loader.ts';

/** What a command's rows hold, as text to compare. */
export function stateOf(rows: CommandRows): string[] {
  return rows.current().map((row) => `${row.constructor.name} ${JSON.stringify(row)}`);
}

/** For tests: a decision that refuses must have changed nothing before it threw. */
export function assertRefusalIsClean(
  refusal: DomainError,
  before: readonly string[],
  after: readonly string[],
  changes: { readonly added: readonly object[]; readonly removed: readonly object[] },
): void {
  const changed = before.find((state, index) => state !== after[index]);
  const dirt =
    (changed && `changed ${changed}`) ??
    (changes.added[0] && `added a ${changes.added[0].constructor.name}`) ??
    (changes.removed[0] && `removed a ${changes.removed[0].constructor.name}`);
  if (dirt)
    throw new Error(`A decision was refused with ${refusal.reason} after it had ${dirt}. Check first, then change.`);
}
