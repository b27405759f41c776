import { createHmac } from 'node:crypto';
import type { Caller } from '../calls/operation.ts';

/** Signs the tokens of all customers of a bench. */
export const JWT_SECRET = 'the-secret-of-a-shop-that-nobody-but-a-bench-visits';
export const ADMIN_KEY = `bgn_${'only-a-bench-visits'.repeat(2)}`;

const HEADER = base64url({ alg: 'HS256' });
const TOMORROW = Math.floor(Date.now() / 1000) + 24 * 60 * 60;
const tokens = new Map<number, string>();

/** A customer's token, signed once, as a client keeps its token too; or the admin's key. */
export function tokenOf(caller: Caller): string {
  if (caller === 'admin') return ADMIN_KEY;
  const known = tokens.get(caller);
  if (known !== undefined) return known;
  const signed = `${HEADER}.${base64url({ sub: String(caller), exp: TOMORROW })}`;
  const token = `${signed}.${createHmac('sha256', JWT_SECRET).update(signed).digest('base64url')}`;
  tokens.set(caller, token);
  return token;
}

function base64url(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
