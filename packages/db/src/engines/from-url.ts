import type { Engine } from './engine.ts';
import type { Interceptor } from './interceptor.ts';

/**
 * The one place that knows which database is behind a URL:
 * `postgres://…`, `sqlite:path/to/file` or `sqlite::memory:`. Loads the client of that database, and not the other one.
 */
export async function engineFromUrl(url: string, interceptor?: Interceptor): Promise<Engine> {
  if (/^postgres(ql)?:\/\/./.test(url)) {
    const { postgresEngine } = await import('./postgres.ts');
    return postgresEngine(url, interceptor);
  }
  const path = /^sqlite:(.+)$/.exec(url)?.[1];
  if (path) return sqliteEngineOn(path, interceptor);
  throw new Error('A database URL is postgres://user:password@host:port/name, sqlite:path/to/file or sqlite::memory:.');
}

/** A database in memory that begins as another one was when its bytes were taken. */
export async function engineFromBytes(bytes: Buffer, interceptor?: Interceptor): Promise<Engine> {
  return sqliteEngineOn(bytes, interceptor);
}

async function sqliteEngineOn(source: string | Buffer, interceptor: Interceptor | undefined): Promise<Engine> {
  const { sqliteEngine } = await import('./sqlite.ts');
  return sqliteEngine(source, interceptor);
}
