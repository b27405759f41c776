import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createTestEngine, type TestEngine } from '@baguni/testing';
import { expect, onTestFinished, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../src/main.ts', import.meta.url));

interface Ended {
  readonly code: number;
  readonly said: string;
  readonly complained: string;
}

function start(args: readonly string[], environment: Record<string, string>): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, ...environment };
    const child = execFile(process.execPath, [PROGRAM, ...args], { env }, (_error, said, complained) =>
      resolve({ code: child.exitCode ?? -1, said, complained }),
    );
  });
}

/** A shop on a port, and the program as its admin runs it. */
async function openShop(): Promise<{ engine: TestEngine; url: string; baguni: (...args: string[]) => Promise<Ended> }> {
  const engine = await createTestEngine();
  onTestFinished(() => engine.close());
  const url = await engine.listen();
  const environment = { BAGUNI_URL: url, BAGUNI_ADMIN_KEY: await engine.tokenOf('admin') };
  return { engine, url, baguni: (...args) => start(args, environment) };
}

const rowsOf = ({ said }: Ended) => said.trimEnd().split('\n');

test('products are listed as a table, as many as were asked for', async () => {
  const { engine, baguni } = await openShop();
  for (const name of ['Clay pot', '찻잔', 'Kettle']) await engine.given.product({ name, price: 1_200 });

  const all = await baguni('products', 'list');
  expect(all).toMatchObject({ code: 0, complained: '' });
  const [head, ...rows] = rowsOf(all);
  expect(head).toMatch(/^id +name +.*price/);
  expect(rows).toHaveLength(3);
  expect(rows[1]).toMatch(/^2 +찻잔 .* 1200 .*2026-01-01T00:00:00\.000Z/);

  expect(rowsOf(await baguni('products', 'list', '--limit', '1'))).toHaveLength(2);
  expect(rowsOf(await baguni('products', 'list', '--search', 'Kettle'))).toHaveLength(2);
  expect((await baguni('products', 'list', '--search', 'Teapot')).said).toBe('None.\n');
});

test('--all goes on past the largest page, and --limit too', async () => {
  const { engine, baguni } = await openShop();
  await engine.admin.products.createMany({
    products: Array.from({ length: 130 }, (_, nth) => ({ name: `Pot ${nth}`, price: 1, quantity: 1 })),
  });
  const counted = async (...args: string[]) => JSON.parse((await baguni('products', 'list', '--json', ...args)).said);
  expect(await counted()).toHaveLength(20);
  expect(await counted('--limit', '120')).toHaveLength(120);
  expect(await counted('--all')).toHaveLength(130);
});

test('a product is made and its stock adjusted, with flags, JSON or both', async () => {
  const { engine, baguni } = await openShop();
  const created = await baguni('products', 'create', '--name', 'Teapot', '--price', '900', '--quantity', '5', '--json');
  expect(created).toMatchObject({ code: 0, complained: '' });
  const product = JSON.parse(created.said);
  expect(product).toMatchObject({ name: 'Teapot', price: 900 });

  const input = JSON.stringify({ productId: product.id, delta: 100 });
  expect(await baguni('products', 'adjust-stock', '--input', input, '--delta', '-2')).toMatchObject({ code: 0 });
  expect(await engine.admin.products.get({ productId: product.id })).toMatchObject({ quantity: 3 });
  expect((await baguni('products', 'get', String(product.id))).said).toMatch(/^quantity +3$/m);
});

test('a coupon is created with its times', async () => {
  const { engine, baguni } = await openShop();
  const coupon = [
    '--name',
    'Spring',
    '--discount-type',
    'PERCENT',
    '--discount-value',
    '10',
    '--total-quantity',
    '100',
  ];
  const created = await baguni('coupons', 'create', ...coupon, '--expires-at', '2026-06-01T00:00:00Z', '--json');
  expect(created).toMatchObject({ code: 0, complained: '' });
  const { id } = JSON.parse(created.said);
  expect(await engine.admin.coupons.get({ couponId: id })).toMatchObject({
    name: 'Spring',
    expiresAt: new Date('2026-06-01T00:00:00Z'),
  });

  expect(await baguni('coupons', 'update', String(id), '--expires-at', 'null')).toMatchObject({
    code: 0,
    complained: '',
  });
  expect(await engine.admin.coupons.get({ couponId: id })).toMatchObject({ expiresAt: null });
});

test('orders are searched by state', async () => {
  const { engine, baguni } = await openShop();
  const { id: productId } = await engine.given.product({ price: 500, stock: 5 });
  const user = await engine.given.user({ points: 500 });
  await engine.customer(user).orders.place({ items: [{ productId, quantity: 1 }], points: 500 });
  await engine.customer(user).orders.place({ items: [{ productId, quantity: 2 }] });

  const found = JSON.parse((await baguni('orders', 'search', '--status', 'WAITING', '--json')).said);
  expect(found).toMatchObject([{ userId: user.id, status: 'WAITING', totalAmount: 1_000 }]);
});

test('verify says what it checked, and fails when the books are wrong', async () => {
  const engine = await createTestEngine({ auditOnClose: false });
  onTestFinished(() => engine.close());
  const environment = { BAGUNI_URL: await engine.listen(), BAGUNI_ADMIN_KEY: await engine.tokenOf('admin') };
  await engine.given.user({ points: 100 });

  const right = await start(['verify'], environment);
  expect(right).toMatchObject({ code: 0, complained: '' });
  expect(right.said).toMatch(/^clean +true$/m);
  expect(right.said).toMatch(/^ {2}I1 +\d+ +0$/m);

  await engine.sql('update point_wallets set balance = 101');
  const wrong = await start(['verify'], environment);
  expect(wrong.code).toBe(1);
  expect(wrong.said).toMatch(/^ {2}I1 +point_wallets +1 +The balance is not the sum of the entries\. +100 +101$/m);
});

test('a wrong key is one sentence, what to do, and exit code 1', async () => {
  const { baguni } = await openShop();
  const refused = await baguni('users', 'list', '--key', 'bgn_wrong');
  expect(refused).toMatchObject({ code: 1, said: '' });
  expect(refused.complained).toMatch(
    /^UNAUTHENTICATED: [^\n]+\.\nName a valid API key with --key or BAGUNI_ADMIN_KEY[^\n]+\.\nRequest [-0-9a-f]+\.\n$/,
  );
});

test('a refusal says the values, and a program gets them as JSON', async () => {
  const { engine, baguni } = await openShop();
  const { id } = await engine.given.product({ stock: 3 });
  const args = ['products', 'adjust-stock', '--product-id', String(id), '--delta', '-4'];
  const refused = await baguni(...args);
  expect(refused).toMatchObject({ code: 1, said: '' });
  expect(refused.complained).toMatch(/^STOCK_INSUFFICIENT: [^\n]+\n3 pieces are left\. Order fewer\.\nRequest /);

  const { code, complained } = await baguni(...args, '--json');
  expect(code).toBe(1);
  expect(JSON.parse(complained)).toMatchObject({ reason: 'STOCK_INSUFFICIENT', details: { available: 3 } });
});

test('a value that the shop does not take is named by its field and its flag', async () => {
  const { baguni } = await openShop();
  const refused = await baguni('products', 'create', '--name', 'Pot', '--price', '-1', '--quantity', '1');
  expect(refused.code).toBe(1);
  expect(refused.complained).toMatch(/^INPUT_INVALID: price: /);
  expect(refused.complained).toMatch(/^ {2}price \(--price\): /m);
});

test('a server that is not there is one sentence', async () => {
  const { complained, code } = await start(['products', 'list', '--url', 'http://127.0.0.1:1'], {});
  expect(code).toBe(1);
  expect(complained).toMatch(/^CONNECTION_FAILED: /);
  expect(complained).toContain('No Baguni server answers at http://127.0.0.1:1.');
});

test('a command line that cannot be meant ends with code 2 and says what was', async () => {
  const wrong: [args: string[], said: RegExp][] = [
    [['product', 'list'], /unknown command 'product'\n\(Did you mean products\?\)/],
    [['products', 'lst'], /unknown command 'lst'\n\(Did you mean list\?\)/],
    [['products', 'list', '--serch', 'pot'], /unknown option '--serch'\n\(Did you mean --search\?\)/],
    [['products', 'create', '--name', 'Pot'], /missing: --price \(price\)/],
    [['products', 'get'], /missing: --product-id \(productId\)/],
    [['products', 'get', 'one'], /'one' is invalid for argument 'product-id'\. It must be a number\./],
    [['products', 'list', '--limit', '0'], /'0' is invalid\. It must be a whole number from 1 on\./],
    [['products', 'list', '--limit', '2', '--all'], /'--limit <number>' cannot be used with option '--all'/],
    [['orders', 'search', '--status', 'PAID'], /It is one of WAITING, COMPLETE, CANCELLED, REFUNDED\./],
    [['coupons', 'create', '--input', '{'], /It must be JSON\./],
    [['coupons', 'create', '--input', '[]'], /It must be a JSON object\./],
  ];
  for (const [args, said] of wrong) {
    const { code, complained } = await start(args, {});
    expect(complained, args.join(' ')).toMatch(said);
    expect(code, args.join(' ')).toBe(2);
  }
});

test('help tells at each level what there is', async () => {
  const help = async (...args: string[]) => {
    const { code, said } = await start([...args, '--help'], { COLUMNS: '200' });
    expect(code, args.join(' ')).toBe(0);
    return said.replaceAll(/\s+/g, ' ');
  };
  expect(await help()).toContain('coupons claim, create, get,');
  expect(await help('coupons')).toContain('create [options] Adds a coupon that customers can claim.');
  const create = await help('coupons', 'create');
  expect(create).toContain('--discount-value <number> 1 to 1,000,000,000 for FIXED, 1 to 100 for PERCENT. (required)');
  expect(create).toContain('--url <url> where the server is (default: "http://127.0.0.1:3000", env: BAGUNI_URL)');
  expect(await help('coupons', 'get')).toContain('Fails with COUPON_NOT_FOUND.');
});

/** How the program ends whose output nobody reads, as after `| head` has seen enough, and what it complains of. */
function startUnread(args: readonly string[], environment: Record<string, string>, ...closed: ('stdout' | 'stderr')[]) {
  return new Promise<Omit<Ended, 'said'>>((resolve) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { env: { PATH: process.env.PATH, ...environment } });
    let complained = '';
    child.stderr.on('data', (text) => {
      complained += text;
    });
    for (const output of closed) child[output].destroy();
    child.on('close', (code) => resolve({ code: code ?? -1, complained }));
  });
}

test('a reader that has seen enough changes no exit code, and is no error', async () => {
  const engine = await createTestEngine({ auditOnClose: false });
  onTestFinished(() => engine.close());
  const environment = { BAGUNI_URL: await engine.listen(), BAGUNI_ADMIN_KEY: await engine.tokenOf('admin') };
  await engine.given.user({ points: 100 });
  expect(await startUnread(['verify'], environment, 'stdout')).toEqual({ code: 0, complained: '' });
  expect(await startUnread(['events', 'stream', '--after', '0'], environment, 'stdout')).toEqual({
    code: 0,
    complained: '',
  });

  await engine.sql('update point_wallets set balance = 101');
  expect(await startUnread(['verify'], environment, 'stdout')).toEqual({ code: 1, complained: '' });
  const unread = startUnread(['users', 'list', '--key', 'bgn_wrong'], environment, 'stdout', 'stderr');
  expect(await unread).toEqual({ code: 1, complained: '' });
});

test.each([
  [['--url', 'localhost:3000'], {}],
  [[], { BAGUNI_URL: 'localhost:3000' }],
])('an address that is none is refused as wrong usage: %j, %j', async (args, environment) => {
  const refused = await start(['products', 'list', ...args], environment);
  expect(refused).toMatchObject({ code: 2, said: '' });
  expect(refused.complained).toContain('url must be like http://localhost:3000');
});
