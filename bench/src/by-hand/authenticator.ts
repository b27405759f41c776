import { createSecretKey, type webcrypto } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import type pg from 'pg';
import { one } from './database.ts';
import { Refusal } from './refusal.ts';

const readUser = { name: 'read-user', text: 'select id from users where id = $1' };

/** Tells which customer makes a call. Users are never deleted, so one who was found once is remembered. */
export class Authenticator {
  readonly #pool: pg.Pool;
  readonly #key: webcrypto.CryptoKey;
  readonly #known = new Set<number>();

  constructor(pool: pg.Pool, secret: string) {
    this.#pool = pool;
    const use = { name: 'HMAC', hash: 'SHA-256' };
    this.#key = createSecretKey(secret, 'utf8').toCryptoKey(use, false, ['verify']);
  }

  async customer(authorization: string | undefined): Promise<number> {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    if (!token) throw unauthenticated('This needs a customer token.');
    const userId = Number(await this.#subjectOf(token));
    if (!this.#known.has(userId)) await this.#find(userId);
    return userId;
  }

  async #subjectOf(token: string): Promise<string | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#key, { algorithms: ['HS256'] });
      return payload.sub;
    } catch (error) {
      if (error instanceof errors.JOSEError) throw unauthenticated('The token is not valid.');
      throw error;
    }
  }

  async #find(userId: number): Promise<void> {
    const isId = Number.isSafeInteger(userId) && userId > 0;
    if (!isId || !(await one(this.#pool, readUser, [userId]))) throw unauthenticated('The token belongs to no user.');
    this.#known.add(userId);
  }
}

function unauthenticated(message: string): Refusal {
  return new Refusal(401, 'UNAUTHENTICATED', message);
}
