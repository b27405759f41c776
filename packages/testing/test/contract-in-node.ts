import { after, describe, test } from 'node:test';
import { createTestEngine } from '@baguni/testing';
import { describeContract } from '@baguni/testing/contract';

// As a team would write it that has neither Vitest nor test payments nor a clock.
const engine = await createTestEngine();
after(() => engine.close());

describeContract({
  connect: async () => ({
    url: 'http://engine.test',
    fetch: engine.fetch,
    adminKey: await engine.tokenOf('admin'),
    tokenOf: (user) => engine.tokenOf(user),
  }),
  describe,
  test,
});
