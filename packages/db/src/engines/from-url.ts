import type { Engine } from './engine.ts';
import { postgresEngine } from './postgres.ts';
import { sqliteEngine } from './sqlite.ts';

/**
 * The one place that knows which database is behind a URL:
 * `postgres://…`, `sqlite:path/to/file` or `sqlite::memory:`.
 */
export function engineFromUrl(url: string): Engine {
  if (/^postgres(ql)?:\/\/./.test(url)) return postgresEngine(url);
  const path = /^sqlite:(.+)$/.exec(url)?.[1];
  if (path) return sqliteEngine(path);
  throw new Error('A database URL is postgres://user:password@host:port/name, sqlite:path/to/file or sqlite::memory:.');
}
