import { test as base } from 'vitest';
import { createTestEngine, type TestEngine, type TestEngineOptions } from '../engine.ts';
import { tellWhy } from './refusals.ts';

/** What a test of `@baguni/testing/vitest` is given. */
export interface EngineFixture {
  /** How engines are made: `test.override({ engineOptions: { … } })` says so for a file or a `describe`. */
  readonly engineOptions: TestEngineOptions;
  /** An engine of the test's own. When the test ends, its books must be right and nothing may have failed inside. */
  readonly engine: TestEngine;
  /** A client of that engine that acts as a new customer. */
  readonly shop: TestEngine['admin'];
}

/** Vitest's `test`, with an engine for each test: `test('…', async ({ engine, shop }) => { … })`. */
export const test = base.extend<EngineFixture>({
  engineOptions: {},
  engine: async ({ engineOptions, onTestFailed }, use) => {
    await using engine = await createTestEngine(engineOptions);
    onTestFailed(({ task }) => tellWhy(task.result?.errors ?? []));
    await use(engine);
  },
  shop: async ({ engine }, use) => {
    await use(engine.customer(await engine.given.user()));
  },
});
