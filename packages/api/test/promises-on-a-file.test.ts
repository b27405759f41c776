import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestEngine } from '@baguni/testing';
import { describeContract } from '@baguni/testing/contract';
import { afterAll, describe, test } from 'vitest';
import { deploymentOf, startDeployment } from './deployments.ts';

const folder = await mkdtemp(join(tmpdir(), 'baguni-'));
const engine = await createTestEngine({ databaseUrl: `sqlite:${join(folder, 'engine.db')}` });
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

describe('An engine on a SQLite file', () => {
  describeContract({ connect: () => deploymentOf(engine), describe, test });
});

const server = startDeployment(`sqlite:${join(folder, 'server.db')}`);

describe('A server process on a SQLite file', () => {
  describeContract({ connect: () => server, describe, test });
});
