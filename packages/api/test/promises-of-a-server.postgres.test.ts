import { describeContract } from '@baguni/testing/contract';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { afterAll, describe, inject, test } from 'vitest';
import { startDeployment } from './deployments.ts';

const server = startDeployment(await freshDatabaseUrl(inject('engine'), afterAll));

describeContract({ connect: () => server, describe, test });
