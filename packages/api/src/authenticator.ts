import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import { type Actor, ApiKey, type Database, User } from '@baguni/db';
import type { JWTPayload } from 'jose';
import * as errors from 'jose/errors';
import { createRemoteJWKSet } from 'jose/jwks/remote';
import { SignJWT } from 'jose/jwt/sign';
import { jwtVerify } from 'jose/jwt/verify';
import { DomainError } from './errors.ts';

/** How customers prove who they are. */
export type TokenSettings =
  /** A shared secret (HS256). The token's subject is the user's id. */
  | { readonly secret: string }
  /** The keys of the app's own login. The token's subject is the user's `externalId`. */
  | { readonly jwksUrl: string; readonly issuer?: string; readonly audience?: string };

const API_KEY_PREFIX = 'bgn_';
const ANYBODY: Actor = { kind: 'public' };
/** How many subjects of outside tokens are remembered with their user. */
const KNOWN_SUBJECTS_MAX = 10_000;
/** How many tokens that were found valid are remembered. */
const KNOWN_TOKENS_MAX = 10_000;

/** Tells who makes a call from its `Authorization` header. */
export class Authenticator {
  readonly #database: Database;
  readonly #now: () => Date;
  /** What a token's subject names. */
  readonly #subject: 'id' | 'externalId';
  readonly #verify: Verify;
  readonly #userIds = new Map<string, number>();

  constructor(database: Database, tokens: TokenSettings, now: () => Date) {
    this.#database = database;
    this.#now = now;
    this.#subject = 'secret' in tokens ? 'id' : 'externalId';
    this.#verify = verifierOf(tokens);
  }

  async authenticate(authorization: string | undefined): Promise<Actor> {
    if (authorization === undefined) return ANYBODY;
    const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    if (!token) throw unauthenticated('The Authorization header must be: Bearer <token or API key>.');
    return token.startsWith(API_KEY_PREFIX) ? this.#admin(token) : this.#customer(token);
  }

  async #admin(key: string): Promise<Actor> {
    const [apiKey] = await this.#database.read(ApiKey, { hash: hashApiKey(key), revokedAt: null });
    if (!apiKey) throw unauthenticated('The API key is not valid.');
    return { kind: 'admin', apiKeyId: apiKey.id };
  }

  async #customer(token: string): Promise<Actor> {
    const subject = await this.#verifiedSubject(token);
    const userId = this.#userIds.get(subject) ?? (await this.#findUserId(subject));
    if (userId === undefined) throw unauthenticated('The token belongs to no user of this shop.');
    return { kind: 'customer', userId };
  }

  async #verifiedSubject(token: string): Promise<string> {
    try {
      const { sub } = await this.#verify(token, this.#now());
      if (sub) return sub;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw unauthenticated('The token has expired.');
      if (!(error instanceof errors.JOSEError)) throw error;
    }
    throw unauthenticated('The token is not valid.');
  }

  // Users are never deleted and keep their ids, so what was found once stays true.
  async #findUserId(subject: string): Promise<number | undefined> {
    const user = this.#subject === 'id' ? await this.#userOfId(subject) : await this.#userOfLogin(subject);
    if (!user) return undefined;
    if (this.#userIds.size >= KNOWN_SUBJECTS_MAX) this.#userIds.clear();
    this.#userIds.set(subject, user.id);
    return user.id;
  }

  async #userOfId(subject: string): Promise<{ id: number } | undefined> {
    if (!/^[1-9]\d{0,14}$/.test(subject)) return undefined;
    return this.#database.readOne(User, Number(subject));
  }

  async #userOfLogin(subject: string): Promise<{ id: number } | undefined> {
    const [user] = await this.#database.read(User, { externalId: subject });
    return user;
  }
}

type Verify = (token: string, currentDate: Date) => Promise<JWTPayload>;

function verifierOf(tokens: TokenSettings): Verify {
  if ('secret' in tokens) {
    // Made once: of bytes, each call would make a key of its own.
    const key = createSecretKey(tokens.secret, 'utf8').toCryptoKey({ name: 'HMAC', hash: 'SHA-256' }, false, [
      'verify',
    ]);
    // The algorithm is ours to name: a token that names another, or none, is not valid.
    return remembering(async (token, currentDate) => {
      const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], currentDate });
      return payload;
    });
  }
  const { jwksUrl, issuer, audience } = tokens;
  const keys = createRemoteJWKSet(new URL(jwksUrl));
  const claims = { ...(issuer !== undefined && { issuer }), ...(audience !== undefined && { audience }) };
  // Each call asks the keys again, because the login may take one back.
  return async (token, currentDate) => {
    const { payload } = await jwtVerify(token, keys, { ...claims, currentDate });
    return payload;
  };
}

/**
 * Remembers the tokens that were verified, for a secret that stays the same: of such a token only its times can make a
 * difference later. A token is verified again when it is not within them, which also tells why it is refused.
 */
function remembering(verify: Verify): Verify {
  const verified = new Map<string, JWTPayload>();
  return async (token, currentDate) => {
    const known = verified.get(token);
    if (known && isWithin(known, currentDate)) return known;
    const payload = await verify(token, currentDate);
    if (verified.size >= KNOWN_TOKENS_MAX) verified.clear();
    verified.set(token, payload);
    return payload;
  };
}

/** Whether a token's times allow it now, in whole seconds, as its maker counts. */
function isWithin({ exp = Number.POSITIVE_INFINITY, nbf = 0 }: JWTPayload, now: Date): boolean {
  const seconds = Math.floor(now.getTime() / 1_000);
  return nbf <= seconds && seconds < exp;
}

/** A new admin key. It is shown once; the shop keeps only its hash. */
export function newApiKey(): { key: string; hash: string } {
  const key = API_KEY_PREFIX + randomBytes(32).toString('base64url');
  return { key, hash: hashApiKey(key) };
}

/** A customer's token for a shop with a shared secret. */
export function signCustomerToken(userId: number, secret: string, expiresAt: Date): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(String(userId))
    .setExpirationTime(expiresAt)
    .sign(new TextEncoder().encode(secret));
}

export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function unauthenticated(message: string): DomainError {
  return new DomainError('UNAUTHENTICATED', message, {});
}
