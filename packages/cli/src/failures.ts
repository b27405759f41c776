import { type BaguniError, isBaguniError } from '@baguni/sdk';
import { flagOf } from './fields.ts';
import { reasons } from './surface.ts';

/** What a person reads of a call that failed: what happened, and what to do about it. */
export function describeFailure(error: BaguniError, url: string): string {
  const lines = [`${error.reason}: ${error.message}`];
  if (isBaguniError(error, 'INPUT_INVALID')) {
    for (const { path, message } of error.details.issues) lines.push(`  ${describeField(path)}: ${message}`);
  }
  const advice = adviceFor(error, url);
  if (advice !== undefined) lines.push(advice);
  if (error.requestId !== undefined) lines.push(`Request ${error.requestId}.`);
  return `${lines.join('\n')}\n`;
}

/** The same for a program. */
export function failureJson({ reason, message, details, retryable, requestId, idempotencyKey }: BaguniError): string {
  return `${JSON.stringify({ reason, message, details, retryable, requestId, idempotencyKey }, null, 2)}\n`;
}

function adviceFor(error: BaguniError, url: string): string | undefined {
  switch (error.reason) {
    case 'CONNECTION_FAILED':
    case 'ANSWER_UNREADABLE':
      return `No Baguni server answers at ${url}. Start one, or name another with --url or BAGUNI_URL.`;
    case 'UNAUTHENTICATED':
      return 'Name a valid API key with --key or BAGUNI_ADMIN_KEY; the server printed one when it first started.';
    case 'OUTCOME_UNKNOWN':
      return `It may have taken effect. The same command with --idempotency-key ${error.idempotencyKey} tells, and does it once.`;
    case 'INPUT_INVALID':
      // Each field has said it by itself.
      return undefined;
    default:
      return fillIn(reasons[error.reason]?.description, error.details);
  }
}

/** The advice with the values that it speaks of. */
function fillIn(text: string | undefined, details: object): string | undefined {
  const values = new Map(Object.entries(details));
  return text?.replaceAll(/`details\.(\w+)`/g, (_, name: string) => written(values.get(name)));
}

function written(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

function describeField(path: string): string {
  if (path === '') return 'input';
  const [field = ''] = path.split('.');
  return `${path} (${flagOf(field)})`;
}
