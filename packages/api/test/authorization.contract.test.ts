import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { appRouter } from '../src/index.ts';
import { customerWith, openTestShop, refusal } from './shop-for-test.ts';

/** Who may call each procedure. A procedure that is missing here fails the test below. */
const CALLERS: Record<string, 'public' | 'customer' | 'admin' | 'owner'> = {
  'users.create': 'admin',
  'users.get': 'admin',
  'users.list': 'admin',
  'users.update': 'admin',
  'users.me': 'customer',
  'points.charge': 'admin',
  'points.adjust': 'admin',
  'points.buy': 'customer',
  'points.balance': 'owner',
  'points.history': 'owner',
  'products.create': 'admin',
  'products.createMany': 'admin',
  'products.update': 'admin',
  'products.adjustStock': 'admin',
  'products.adjustStocks': 'admin',
  'products.setStatus': 'admin',
  'products.get': 'public',
  'products.list': 'public',
  'products.bestSellers': 'public',
  'coupons.create': 'admin',
  'coupons.update': 'admin',
  'coupons.issueTo': 'admin',
  'coupons.revoke': 'admin',
  'coupons.get': 'public',
  'coupons.list': 'public',
  'coupons.claim': 'customer',
  'coupons.mine': 'customer',
  'cart.get': 'customer',
  'cart.addItem': 'customer',
  'cart.setQuantity': 'customer',
  'cart.removeItem': 'customer',
  'cart.clear': 'customer',
  'orders.place': 'customer',
  'orders.get': 'customer',
  'orders.list': 'customer',
  'orders.quote': 'customer',
  'orders.cancel': 'customer',
  'orders.search': 'admin',
  'payments.get': 'customer',
  'payments.refund': 'admin',
  'orders.stream': 'customer',
  'events.list': 'admin',
  'events.stream': 'admin',
  'events.createEndpoint': 'admin',
  'events.listEndpoints': 'admin',
  'events.disableEndpoint': 'admin',
  'events.enableEndpoint': 'admin',
  'events.deliveries': 'admin',
  'events.replay': 'admin',
  'payments.pay': 'customer',
  'audit.verify': 'admin',
};

const flat: Record<string, object> = appRouter._def.procedures;
const procedures = Object.entries(flat).map(([path, procedure]) => ({ path, method: methodOf(procedure) }));

function methodOf(procedure: object): 'GET' | 'POST' {
  const { type } =
    '_def' in procedure && procedure._def instanceof Object && 'type' in procedure._def ? procedure._def : {};
  return type === 'mutation' ? 'POST' : 'GET';
}

/** A stream has begun before it is refused, so it tells the status in its only message. */
async function statusOf(response: Response): Promise<number> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.status;
  return Number(/"httpStatus":(\d+)/.exec(await response.text())?.[1]);
}

test('every procedure has a rule of who may call it', () => {
  expect(procedures.map(({ path }) => path).sort()).toEqual(Object.keys(CALLERS).sort());
});

test('every procedure refuses whoever may not call it', async () => {
  const engine = await openTestShop();
  const { user } = await customerWith(engine);
  const tokens = { public: undefined, customer: await engine.tokenOf(user), admin: await engine.tokenOf('admin') };
  for (const { path, method } of procedures) {
    for (const [caller, token] of Object.entries(tokens)) {
      const response = await engine.fetch(`http://engine.test/trpc/${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      });
      const rule = CALLERS[path];
      const mayCall = rule === 'public' || rule === caller || (rule === 'owner' && caller !== 'public');
      const label = `${path} by ${caller}`;
      if (mayCall) expect([401, 403], label).not.toContain(response.status);
      else expect(await statusOf(response), label).toBe(caller === 'public' ? 401 : 403);
    }
  }
});

test('a token that is wrong in any way is no token', async () => {
  const engine = await openTestShop();
  const { user } = await customerWith(engine);
  const good = await engine.tokenOf(user);
  const [header, payload] = good.split('.');
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  const foreign = await new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(String(user.id))
    .sign(new TextEncoder().encode('another secret that is long enough for it'));
  const wrong = [
    'x',
    `${good}x`,
    `${header}.${payload}.`,
    `${none}.${payload}.`,
    foreign,
    await engine.tokenOf({ id: 9_999 }),
    'bgn_0123456789012345678901234567890123456789012',
  ];
  for (const token of wrong) {
    const shop = engine.connect(token);
    expect(await refusal(shop.users.me()), token).toMatchObject({ reason: 'UNAUTHENTICATED' });
    expect(await refusal(shop.products.list()), token).toMatchObject({ reason: 'UNAUTHENTICATED' });
  }
  expect(await engine.connect(good).users.me()).toMatchObject({ id: user.id });
});

test('a token is good until the moment at which it expires', async () => {
  const engine = await openTestShop();
  const { user } = await customerWith(engine);
  const token = await engine.tokenOf(user, new Date('2026-01-01T01:00:00.000Z'));
  await engine.clock.set(new Date('2026-01-01T00:59:59.000Z'));
  expect(await engine.connect(token).users.me()).toMatchObject({ id: user.id });
  await engine.clock.set(new Date('2026-01-01T01:00:00.000Z'));
  expect(await refusal(engine.connect(token).users.me())).toMatchObject({
    reason: 'UNAUTHENTICATED',
    message: 'The token has expired.',
  });
});

test('a user belongs to one outside login only', async () => {
  const engine = await openTestShop();
  const input = { name: 'Kim Minji', externalId: 'login|42' };
  expect(await engine.admin.users.create(input)).toMatchObject({ externalId: 'login|42' });
  expect(await refusal(engine.admin.users.create(input))).toMatchObject({
    reason: 'EXTERNAL_ID_TAKEN',
    details: { externalId: 'login|42' },
  });
});
