import { inspect } from 'node:util';
import { type AuditView, describeDifference } from '@baguni/api';

/** What an engine says when it closes although its books are wrong, or something failed inside it and nobody looked. */
export class EngineAuditError extends Error {
  override readonly name = 'EngineAuditError';
}

/** Fails with a message that lists everything that is wrong. */
export function assertTidy({ differences }: AuditView, internalErrors: readonly unknown[]): void {
  const sections: string[] = [];
  if (differences.length > 0) {
    const lines = differences.map((difference) => `  ${describeDifference(difference)}`);
    sections.push(['The books are wrong:', ...lines].join('\n'));
  }
  if (internalErrors.length > 0) {
    const lines = internalErrors.map((error) => `  ${inspect(error, { depth: 3 }).replaceAll('\n', '\n  ')}`);
    sections.push(
      ['Something failed inside the engine, and nobody looked at engine.internalErrors:', ...lines].join('\n'),
    );
  }
  if (sections.length === 0) return;
  const [cause] = internalErrors;
  throw new EngineAuditError(sections.join('\n'), cause === undefined ? undefined : { cause });
}
