import { CALLERS } from '@baguni/testing/contract';
import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { appRouter } from '../src/index.ts';
import { customerWith, openTestShop, refusal } from './shop-for-test.ts';

const flat: Record<string, object> = appRouter._def.procedures;
const procedures = Object.entries(flat).map(([path, procedure]) => ({ path, method: methodOf(procedure) }));

function methodOf(procedure: object): 'GET' | 'POST' {
  const { type } =
    '_def' in procedure && procedure._def instanceof Object && 'type' in procedure._def ? procedure._def : {};
  return type === 'mutation' ? 'POST' : 'GET';
}

// That each of them is then refused to all others is in the contract itself.
test('the contract says of every procedure who may call it, and with which method', () => {
  const ruled = Object.values(CALLERS).flatMap(({ GET, POST }) => [
    ...GET.map((path) => ({ path, method: 'GET' })),
    ...POST.map((path) => ({ path, method: 'POST' })),
  ]);
  const byPath = (a: { path: string }, b: { path: string }) => a.path.localeCompare(b.path);
  expect(ruled.toSorted(byPath)).toEqual(procedures.toSorted(byPath));
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
