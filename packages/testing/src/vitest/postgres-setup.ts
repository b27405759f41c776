import type { TestProject } from 'vitest/node';
import { type PostgresServer, startPostgres } from '../postgres.ts';
import './context.ts';

let server: Promise<PostgresServer> | undefined;

/**
 * Starts Postgres once for all Vitest projects that list this file. A server that does not start fails the run:
 * a claim about concurrency that nobody checked must not look like a passed test.
 */
export async function setup(project: TestProject): Promise<void> {
  server ??= startPostgres({ durable: false });
  project.provide('postgresUrl', (await server).url);
}

export async function teardown(): Promise<void> {
  await (await server)?.stop();
}
