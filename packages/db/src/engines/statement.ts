/** SQL in an engine's own words, with a `?` in the place of each value. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Whether it is sent again and again in the same words, so that the database need not plan it each time. */
  readonly isRepeated: boolean;
}

/** What carries out statements, one after the other, within one transaction. */
export interface StatementRunner {
  run<Row>(statement: Statement): Promise<Row[]>;
}

/** A name as SQL takes it, whatever the name is. */
export function quoted(identifier: string): string {
  return `"${identifier}"`;
}
