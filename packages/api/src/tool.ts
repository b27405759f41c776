import { ConfigError } from './config.ts';

/** Runs a program of the command line: a problem that its user can mend is one sentence and exit code 1. */
export async function runTool(
  program: (args: string[], environment: NodeJS.ProcessEnv) => Promise<number>,
): Promise<void> {
  try {
    process.exitCode = await program(process.argv.slice(2), process.env);
  } catch (error) {
    const sentence = sentenceFor(error);
    if (sentence === undefined) throw error;
    console.error(sentence);
    process.exitCode = 1;
  }
}

/** What to say to the person at the terminal; nothing for an error that only a developer can read. */
function sentenceFor(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause ?? previousOf(cause)) {
    if (cause instanceof ConfigError) return cause.message;
    const sentence = 'code' in cause && SENTENCES.get(String(cause.code));
    if (sentence) return sentence;
  }
  return undefined;
}

// MikroORM keeps the driver's error here.
function previousOf(error: Error): unknown {
  return 'previous' in error ? error.previous : undefined;
}

const SENTENCES = new Map([
  ['EADDRINUSE', 'The port is taken; choose another with --port.'],
  ['EADDRNOTAVAIL', 'The host is not an address of this machine; choose another with --host.'],
  ['EACCES', 'This account may not use that port or file.'],
  ['ECONNREFUSED', 'No database answers at that --database-url.'],
  ['ENOTFOUND', 'There is no such host.'],
  ['28P01', 'The database refuses that user or password.'],
  ['28000', 'The database refuses that user.'],
  ['3D000', 'There is no database of that name.'],
  ['SQLITE_CANTOPEN', 'The database file cannot be opened.'],
  ['SQLITE_NOTADB', 'The database file is not a SQLite database.'],
]);
