import type { TestProject } from 'vitest/node';
import { startPostgres } from '../postgres.ts';
import './context.ts';

/**
 * Starts Postgres once for all Vitest projects that list this file: each loads a copy of it, so that what they share is the
 * URL in the root project's context. A server that does not start fails the run: a claim about concurrency that nobody
 * checked must not look like a passed test.
 */
export async function setup({ vitest }: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (vitest.getRootProject().getProvidedContext().postgresUrl) return undefined;
  const server = await startPostgres({ durable: false });
  vitest.provide('postgresUrl', server.url);
  return () => server.stop();
}
