import { createHash } from 'node:crypto';
import type { Changes } from './changes.ts';
import type { Command, Loaded, Loading } from './command.ts';
import type { CommandRows } from './row-loader.ts';

/** A call of a command, with its types closed over: what a batch needs to run it among others. */
export interface Task<Answer = unknown> {
  readonly name: string;
  /** Tells this request from another one under the same idempotency key. */
  readonly requestHash: string;
  /** Loads the rows; the result makes the decision. */
  load(rows: CommandRows): Promise<(changes: Changes) => Answer>;
}

export function taskOf<Input, L extends Loading, Answer>(
  command: Command<Input, L, Answer>,
  input: Input,
): Task<Answer> {
  return {
    name: command.name,
    requestHash: createHash('sha256')
      .update(`${command.name}\n${canonicalJson(input)}`)
      .digest('hex'),
    async load(rows) {
      const naming = command.load(rows, input);
      const loading = naming instanceof Promise ? await naming : naming;
      rows.nameNoFurther();
      // Rows may be named without being awaited, so wait for all of them here.
      for (const pending of Object.values(loading)) await pending?.arrival();
      return (changes) => command.decide(currentRows(loading), input, changes);
    },
  };
}

function currentRows<L extends Loading>(loading: L): Loaded<L> {
  const rows = Object.entries(loading).map(([name, pending]) => [name, pending?.current()]);
  // Each name keeps its own type; Object.fromEntries cannot say so.
  return Object.fromEntries(rows);
}

/** The same text for the same input, whatever the order of its keys. */
function canonicalJson(input: unknown): string {
  return (
    JSON.stringify(input, (_key, value: unknown) =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    ) ?? ''
  );
}
