import type { Changes } from './changes.ts';
import type { Pending, Rows } from './rows.ts';

/** What a `load` gives back: rows by name, still on their way. `undefined` for what this input does not need. */
export type Loading = Record<string, Pending<unknown> | undefined>;

/** The same rows as the decision sees them. */
export type Loaded<L extends Loading> = {
  [Name in keyof L]: L[Name] extends Pending<infer Row> | undefined
    ? Row | (undefined extends L[Name] ? undefined : never)
    : never;
};

/**
 * One way in which the shop changes.
 *
 * `load` says which rows the decision needs; it only reads, and names the rows it will change with `lock`.
 * `decide` is synchronous: it checks everything first, then changes rows, or throws a `DomainError`
 * having changed nothing. It sees no database and no clock. What it returns is the answer.
 */
export interface Command<Input, L extends Loading, Answer> {
  readonly name: string;
  load(rows: Rows, input: Input): L | Promise<L>;
  decide(loaded: Loaded<L>, input: Input, changes: Changes): Answer;
}

/** Declares a command; its only work is to infer the types. */
export function command<Input, L extends Loading, Answer>(
  definition: Command<Input, L, Answer>,
): Command<Input, L, Answer> {
  return definition;
}
