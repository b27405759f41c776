import { test as base, expect } from 'vitest';
import { createTestEngine, type TestEngine } from '../engine.ts';

/** What a test of `@baguni/testing/vitest` is given. */
export interface EngineFixture {
  /** An engine of the test's own. When the test ends, its books must be right and nothing may have failed inside. */
  readonly engine: TestEngine;
  /** A client of that engine that acts as a new customer. */
  readonly shop: TestEngine['admin'];
}

/** Vitest's `test`, with an engine for each test: `test('…', async ({ engine, shop }) => { … })`. */
export const test = base.extend<EngineFixture>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures a fixture needs.
  engine: async ({}, use) => {
    const engine = await createTestEngine();
    await use(engine);
    const { differences } = await engine.audit();
    await engine.close();
    expect(differences).toEqual([]);
    expect(engine.internalErrors).toEqual([]);
  },
  shop: async ({ engine }, use) => {
    await use(engine.customer(await engine.given.user()));
  },
});
