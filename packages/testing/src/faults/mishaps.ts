import type { PassingStatement } from '@baguni/db';

/** How a database fails, in its own words, so that the shop has to recognise them. */
export interface Mishaps {
  /** Another transaction was first. */
  conflict(statement: PassingStatement): Promise<never>;
  /** The database says that it has not committed. */
  refuseCommit(statement: PassingStatement): Promise<never>;
  /** The database commits, and the connection breaks before it says so. */
  loseAnswer(statement: PassingStatement): Promise<never>;
}

export function mishapsOf({ engine }: PassingStatement): Mishaps {
  return engine === 'postgres' ? POSTGRES : SQLITE;
}

// Postgres fails by itself: its errors come from the server, and a lost connection is lost.
const POSTGRES: Mishaps = {
  conflict: (statement) => raise(statement, '40001', 'could not serialize access due to concurrent update'),
  refuseCommit: (statement) => raise(statement, '57014', 'canceling statement due to statement timeout'),
  async loseAnswer(statement) {
    await statement.send();
    await statement.sendInstead('select pg_terminate_backend(pg_backend_pid())');
    throw new Error('The connection has outlived its end.');
  },
};

async function raise(statement: PassingStatement, code: string, message: string): Promise<never> {
  await statement.sendInstead(`do $$ begin raise exception using errcode = '${code}', message = '${message}'; end $$`);
  throw new Error('Postgres has not raised what it was told to raise.');
}

// A file in this process cannot be made to fail, so the words are all there is.
const SQLITE: Mishaps = {
  conflict: async () => {
    throw sqliteError('SQLITE_BUSY_SNAPSHOT', 'database is locked');
  },
  refuseCommit: async () => {
    throw sqliteError('SQLITE_BUSY', 'database is locked');
  },
  async loseAnswer(statement) {
    await statement.send();
    throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  },
};

function sqliteError(code: string, message: string): Error {
  return Object.assign(new Error(message), { name: 'SqliteError', code });
}
