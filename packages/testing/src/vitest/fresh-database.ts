import { inject, onTestFinished } from 'vitest';
import { connectPostgres } from '../postgres.ts';
import './context.ts';

/** The URL of an empty database for one test, on the engine that the test's project names; it is gone after the test. */
export async function freshDatabaseUrl(engine = inject('engine')): Promise<string> {
  if (engine === 'sqlite') return 'sqlite::memory:';
  const server = connectPostgres(inject('postgresUrl'));
  onTestFinished(() => server.stop());
  return server.createDatabase();
}
