import { inject, onTestFinished } from 'vitest';
import { connectPostgres } from '../postgres.ts';
import './context.ts';

/**
 * The URL of an empty database on the engine that the test's project names. It is gone after the test; for all tests of
 * a file, say `afterAll` when it should go.
 */
export async function freshDatabaseUrl(
  engine = inject('engine'),
  whenDone: (drop: () => Promise<void>) => void = onTestFinished,
): Promise<string> {
  if (engine === 'sqlite') return 'sqlite::memory:';
  const server = connectPostgres(inject('postgresUrl'));
  whenDone(() => server.stop());
  return server.createDatabase();
}
