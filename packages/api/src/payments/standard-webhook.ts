import { timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { WebhookMessage } from './provider.ts';

/** How far a message's time may lie from ours, in seconds: an old one may be a recording. */
const TOLERANCE_S = 300;

/**
 * Checks a signature of Standard Webhooks (https://www.standardwebhooks.com) and gives the message's id.
 * The library checks the time by the process's own clock; here it is the shop's, so only its signature is used.
 */
export function verifyStandardWebhook(
  secret: string,
  { body, headers, now }: WebhookMessage,
): { messageId: string } | { refused: string } {
  const messageId = headers.get('webhook-id');
  const timestamp = headers.get('webhook-timestamp') ?? '';
  const signatures = headers.get('webhook-signature');
  if (!messageId || !signatures || !/^\d{1,12}$/.test(timestamp)) return { refused: 'The signature is missing.' };
  const signedAt = Number(timestamp);
  if (Math.abs(Math.floor(now.getTime() / 1_000) - signedAt) > TOLERANCE_S) {
    return { refused: 'The message is too old, or from the future.' };
  }
  const expected = Buffer.from(new Webhook(secret).sign(messageId, new Date(signedAt * 1_000), body));
  const isSigned = signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return isSigned ? { messageId } : { refused: 'The signature is not valid.' };
}
