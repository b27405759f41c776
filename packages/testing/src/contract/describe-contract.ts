import type { Behaviour } from './behaviour.ts';
import type { Capability, Deployment } from './deployment.ts';
import { FEATURES } from './features.ts';
import { Trial } from './trial.ts';

/** What a test is given by its runner. */
interface TestContext {
  skip(reason?: string): unknown;
}

export interface ContractOptions {
  /** Gives the deployment; called once, when the first behaviour runs. */
  connect(): Deployment | Promise<Deployment>;
  /** The test runner's `describe`: Vitest's, or that of node:test. */
  describe(name: string, define: () => void): unknown;
  /** The test runner's `test`. */
  test(title: string, run: (context: TestContext) => Promise<void>): unknown;
}

const LACKS: Readonly<Record<Capability, string>> = {
  clock: 'The deployment gives no clock to move.',
  payments: 'The deployment gives no test payments.',
  audit: 'The deployment does not let its books be recomputed.',
};

/**
 * Describes every behaviour that Baguni promises, one test each, and checks it from outside: over HTTP, with the published
 * SDK. What a deployment lacks the means for is skipped with the reason, never passed.
 */
export function describeContract({ connect, describe, test }: ContractOptions): void {
  let connected: Promise<Deployment> | undefined;
  const deployment = () => {
    connected ??= Promise.resolve(connect());
    return connected;
  };
  const check = async ({ needs, run }: Behaviour, context: TestContext) => {
    const target = await deployment();
    if (needs !== undefined && target[needs] === undefined) {
      // Vitest ends the test here; node:test marks it and goes on.
      context.skip(LACKS[needs]);
      return;
    }
    await run(new Trial(target));
  };
  for (const { name, behaviours } of FEATURES) {
    describe(name, () => {
      for (const behaviour of behaviours) test(behaviour.title, (context) => check(behaviour, context));
    });
  }
}
