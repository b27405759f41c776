import pg from 'pg';

/** SQL that each connection prepares once, under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Whatever takes a statement: the pool, or the one connection of a transaction. */
type Queryable = Pick<pg.Pool, 'query'> | pg.ClientBase;

/** More writers than this only wait for each other and for the processors. */
const CONNECTIONS_MAX = 10;

// The driver gives bigint as text; every id and amount of the shop is a safe integer.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

export function openPool(url: string): pg.Pool {
  return new pg.Pool({ connectionString: url, max: CONNECTIONS_MAX, types });
}

export async function many<Row extends pg.QueryResultRow>(
  queryable: Queryable,
  statement: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  const { rows } = await queryable.query<Row>({ ...statement, values: [...values] });
  return rows;
}

export async function one<Row extends pg.QueryResultRow>(
  queryable: Queryable,
  statement: Statement,
  values: readonly unknown[],
): Promise<Row | undefined> {
  const [row] = await many<Row>(queryable, statement, values);
  return row;
}
