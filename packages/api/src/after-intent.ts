import { DomainError } from './errors.ts';

/** When asking again makes sense. */
const RETRY_AFTER_MS = 250;

/**
 * What follows a committed intent. Where it fails, the provider may have collected: neither "nothing was changed" nor a
 * failure would be true, so the caller is told to ask again. What is no refusal of ours goes along, for the log.
 */
export async function afterIntent<Answer>(goOn: () => Promise<Answer>): Promise<Answer> {
  try {
    return await goOn();
  } catch (cause) {
    throw new DomainError(
      'OUTCOME_UNKNOWN',
      'The payment was begun, and its outcome could not be written down. Ask again with the same idempotency key.',
      { retryAfterMs: RETRY_AFTER_MS },
      cause instanceof DomainError ? undefined : { cause },
    );
  }
}
