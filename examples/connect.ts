import { readFile } from 'node:fs/promises';
import { createClient } from '@baguni/sdk';
import { SignJWT } from 'jose';

type Client = ReturnType<typeof createClient>;

/** A shop to try things on: the one that `pnpm start` serves, or one in memory. */
export interface TryOut {
  readonly where: string;
  readonly admin: Client;
  customer(user: { id: number }): Client;
  /** Sends events to endpoints, where no server does so by itself. */
  deliverEvents(): Promise<unknown>;
  close(): Promise<void>;
}

const DEFAULT_URL = 'http://127.0.0.1:3000';
const SECRETS_FILE = new URL('../.data/secrets.json', import.meta.url);
const TOKEN_LIFETIME = '1 hour';
const CUSTOMER = { name: 'Choi Haeun' };

/** What a program needs that calls without the SDK: where the shop is, an admin's key, and a new customer's token. */
export interface Credentials {
  readonly url: string;
  readonly adminKey: string;
  readonly customerToken: string;
  close(): Promise<void>;
}

export async function addressAndTokens(options: readonly string[]): Promise<Credentials> {
  if (options.includes('--memory')) {
    const engine = await openEngine();
    const user = await engine.admin.users.create(CUSTOMER);
    return {
      url: await engine.listen(),
      adminKey: await engine.tokenOf('admin'),
      customerToken: await engine.tokenOf(user),
      close: () => engine.close(),
    };
  }
  const url = process.env.BAGUNI_URL ?? DEFAULT_URL;
  const { adminKey, jwtSecret } = await secrets();
  const { id } = await createClient({ url, token: adminKey }).users.create(CUSTOMER);
  return { url, adminKey, customerToken: await signToken(id, jwtSecret), close: async () => {} };
}

export async function connect(options: readonly string[]): Promise<TryOut> {
  return options.includes('--memory') ? openInMemory() : connectToServer();
}

async function openEngine() {
  const { createTestEngine } = await import('@baguni/testing');
  const engine = await createTestEngine({ now: new Date() });
  await engine.admin.products.create({ name: 'Jeju tangerines, 2 kg', price: 14_900, quantity: 100 });
  await engine.admin.products.create({ name: 'Barley tea, 30 bags', price: 3_400, quantity: 100 });
  await engine.admin.coupons.create({
    name: 'Welcome: 10 % off, up to 5,000',
    discountType: 'PERCENT',
    discountValue: 10,
    maxDiscountAmount: 5_000,
    totalQuantity: 1_000,
  });
  return engine;
}

async function openInMemory(): Promise<TryOut> {
  const engine = await openEngine();
  return {
    where: 'an engine in memory',
    admin: engine.admin,
    customer: (user) => engine.customer(user),
    deliverEvents: () => engine.runDue(),
    close: () => engine.close(),
  };
}

async function connectToServer(): Promise<TryOut> {
  const url = process.env.BAGUNI_URL ?? DEFAULT_URL;
  const { adminKey, jwtSecret } = await secrets();
  return {
    where: url,
    admin: createClient({ url, token: adminKey }),
    customer: ({ id }) => createClient({ url, token: () => signToken(id, jwtSecret) }),
    deliverEvents: async () => {},
    close: async () => {},
  };
}

/** What an app's own login does: it signs a token whose subject is the user. */
function signToken(userId: number, jwtSecret: string): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(String(userId))
    .setExpirationTime(TOKEN_LIFETIME)
    .sign(new TextEncoder().encode(jwtSecret));
}

async function secrets(): Promise<{ adminKey: string; jwtSecret: string }> {
  const { ADMIN_KEY: adminKey, JWT_SECRET: jwtSecret } = process.env;
  if (adminKey && jwtSecret) return { adminKey, jwtSecret };
  try {
    const kept = JSON.parse(await readFile(SECRETS_FILE, 'utf8'));
    return { adminKey: adminKey ?? String(kept.adminKey), jwtSecret: jwtSecret ?? String(kept.jwtSecret) };
  } catch {
    throw new Error('Start the shop first with "pnpm start", or add --memory; or set ADMIN_KEY and JWT_SECRET.');
  }
}
