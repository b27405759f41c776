import type { TestEngine } from '@baguni/testing';
import type { Deployment, TestPayments } from '@baguni/testing/contract';
import { afterAll } from 'vitest';
import { openServers } from './servers.ts';

/** How the test provider is asked to approve and to decline. */
const PAYMENTS: TestPayments = { method: 'test', approvedToken: 'approve', declinedToken: 'decline' };

/** An engine in this process, as a deployment whose time can be moved. */
export async function deploymentOf(engine: TestEngine): Promise<Deployment> {
  return {
    url: 'http://engine.test',
    fetch: engine.fetch,
    adminKey: await engine.tokenOf('admin'),
    tokenOf: (user) => engine.tokenOf(user),
    clock: engine.clock,
    payments: PAYMENTS,
    audit: true,
  };
}

/** A server process with the demo's shop in it; it stops when the file's tests are done. */
export function startDeployment(databaseUrl: string): Promise<Deployment> {
  const { opened, stop } = openServers(1, databaseUrl, { demo: true });
  afterAll(stop);
  return opened.then(({ urls, adminKey, tokenOf }) => ({
    url: String(urls[0]),
    adminKey,
    tokenOf,
    payments: PAYMENTS,
    audit: true,
  }));
}
