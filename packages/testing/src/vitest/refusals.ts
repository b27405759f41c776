import { inspect } from 'node:util';

/** An error as Vitest keeps it for its report. */
interface ReportedError {
  name?: string;
  message: string;
  readonly [property: string]: unknown;
}

/** Adds to the refusals among a test's errors what Vitest's reporters leave out: reason, details and the request's id. */
export function tellWhy(errors: readonly ReportedError[]): void {
  for (const error of errors) {
    if (error.name !== 'BaguniError') continue;
    const { reason, details, requestId } = error;
    error.message += `\n${inspect({ reason, details, requestId }, { depth: 4, breakLength: 100 })}`;
  }
}
