import { createTestEngine } from '@baguni/testing';
import { describeContract } from '@baguni/testing/contract';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { afterAll, describe, inject, test } from 'vitest';
import { deploymentOf } from './deployments.ts';

const engine = await createTestEngine({ databaseUrl: await freshDatabaseUrl(inject('engine'), afterAll) });
afterAll(() => engine.close());

describeContract({ connect: () => deploymentOf(engine), describe, test });
