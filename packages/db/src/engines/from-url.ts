import type { Engine } from './engine.ts';
import type { Interceptor } from './interceptor.ts';
import { sqliteEngine } from './sqlite.ts';

/**
 * The one place that knows which database is behind a URL:
 * `postgres://…`, `sqlite:path/to/file` or `sqlite::memory:`.
 */
export async function engineFromUrl(url: string, interceptor?: Interceptor): Promise<Engine> {
  if (/^postgres(ql)?:\/\/./.test(url)) {
    // Engines in memory start sooner without the client of a server that they never ask.
    const { postgresEngine } = await import('./postgres.ts');
    return postgresEngine(url, interceptor);
  }
  const path = /^sqlite:(.+)$/.exec(url)?.[1];
  if (path) return sqliteEngine(path, interceptor);
  throw new Error('A database URL is postgres://user:password@host:port/name, sqlite:path/to/file or sqlite::memory:.');
}
