import { DatabaseFaults } from './database.ts';
import { Fault, type FaultOptions, HoldingFault } from './fault.ts';
import { ProviderFaults } from './provider.ts';
import { WireFaults } from './wire.ts';

/**
 * What goes wrong next. Each fault strikes where it does in production: at the database, on the wire, at the engine's
 * door or at the payment provider. So what a test sees is what the retries and the idempotency keys make of it.
 */
export class Faults {
  /** What the payment provider does wrong. */
  readonly provider = new ProviderFaults();
  /** @internal The place before the database, for the one who opens it. */
  readonly database = new DatabaseFaults();
  /** @internal The place before the engine, for the one who answers requests. */
  readonly wire = new WireFaults();

  /** The database refuses the next commit: nothing of the transaction is kept, and the shop knows it. */
  commitFails(options?: FaultOptions): Fault {
    return this.database.armed.arm('commit-fails', new Fault('commitFails', options));
  }

  /** The next commit is made, and the connection breaks before the database has said so. */
  commitAnswerLost(options?: FaultOptions): Fault {
    return this.database.armed.arm('commit-answer-lost', new Fault('commitAnswerLost', options));
  }

  /** The next transaction finds, when it writes, that another one was first. */
  versionConflict(options?: FaultOptions): Fault {
    return this.database.armed.arm('conflict', new Fault('versionConflict', options));
  }

  /** The next commit takes until the test releases it, with all its locks held. */
  slowCommit(options?: FaultOptions): HoldingFault {
    return this.database.armed.arm('commit-is-slow', new HoldingFault('slowCommit', options));
  }

  /** The answer to the next request is ready, and held back until the test releases it or the caller gives up. */
  slow(options?: FaultOptions): HoldingFault {
    return this.wire.armed.arm('slow', new HoldingFault('slow', options));
  }

  /** The next command finds the queue full, and is turned away with `OVERLOADED`. */
  overloaded(options?: number | FaultOptions): Fault {
    const said = typeof options === 'number' ? { times: options } : options;
    return this.wire.armed.arm('overloaded', new Fault('overloaded', said));
  }

  /** The connection breaks before the next request reaches the engine. The client cannot tell. */
  requestLost(options?: FaultOptions): Fault {
    return this.wire.armed.arm('request-lost', new Fault('requestLost', options));
  }

  /** The engine serves the next request, and the connection breaks before its answer is back. */
  answerLost(options?: FaultOptions): Fault {
    return this.wire.armed.arm('answer-lost', new Fault('answerLost', options));
  }

  /** The faults that have struck less often than the test said. */
  get unused(): readonly Fault[] {
    return this.#all.filter(({ isUnused }) => isUnused);
  }

  /** Ends all faults, and lets go on what they hold up. */
  end(): void {
    for (const fault of this.#all) fault.end();
  }

  /** A fault that did not happen proves nothing, so a test that waits for one in vain has to fail. */
  assertAllStruck(): void {
    const { unused } = this;
    if (unused.length === 0) return;
    const lines = unused.map(({ description, strikes }) => `  ${description} struck ${strikes} times`);
    throw new Error(
      `The engine was closed before these faults could strike as often as the test said:\n${lines.join('\n')}`,
    );
  }

  get #all(): readonly Fault[] {
    return [this.database, this.wire, this.provider].flatMap(({ armed }) => armed.all);
  }
}
