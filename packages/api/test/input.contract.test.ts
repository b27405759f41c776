import type { TestEngine } from '@baguni/testing';
import { expect, test } from 'vitest';
import { customerWith, openTestShop, productWith, stateOf } from './shop-for-test.ts';

interface Answer {
  status: number;
  error?: { message: string; data: { reason: string; details: { issues?: { path: string; message: string }[] } } };
}

const BAD_NUMBERS = [
  '0',
  '-1',
  '1.5',
  '9007199254740992',
  'null',
  '"5"',
  'true',
  '[]',
  '{}',
  '1e21',
  'NaN',
  '-Infinity',
];
const BAD_TEXTS = ['""', '"   "', '"\\u0000"', '"\\ud800"', '5', 'null', '[]', `"${'x'.repeat(2_001)}"`];

/** A valid call, and for each of its fields the values that it must refuse. */
const CALLS: {
  path: string;
  by: 'admin' | 'customer';
  valid: Record<string, string>;
  bad: Record<string, string[]>;
}[] = [
  { path: 'users.create', by: 'admin', valid: { name: '"Kim"' }, bad: { name: BAD_TEXTS, externalId: BAD_TEXTS } },
  {
    path: 'users.update',
    by: 'admin',
    valid: { userId: '1' },
    bad: { userId: BAD_NUMBERS, name: BAD_TEXTS, externalId: BAD_TEXTS },
  },
  {
    path: 'points.adjust',
    by: 'admin',
    valid: { userId: '1', amount: '10', reason: '"Gift"' },
    bad: {
      userId: BAD_NUMBERS,
      amount: [...BAD_NUMBERS.filter((value) => value !== '-1'), '1000000001', '-1000000001'],
      reason: [...BAD_TEXTS, `"${'x'.repeat(201)}"`],
    },
  },
  {
    path: 'points.charge',
    by: 'admin',
    valid: { userId: '1', amount: '10' },
    bad: { userId: BAD_NUMBERS, amount: [...BAD_NUMBERS, '1000000001'] },
  },
  {
    path: 'products.create',
    by: 'admin',
    valid: { name: '"Tea"', price: '10' },
    bad: {
      name: BAD_TEXTS,
      price: BAD_NUMBERS.filter((value) => value !== '0'),
      quantity: BAD_NUMBERS.filter((value) => value !== '0'),
      status: ['"SOLD"', '1', 'null'],
      description: ['"\\u0000"', '"\\ud800"', '5'],
    },
  },
  {
    path: 'products.update',
    by: 'admin',
    valid: { productId: '1' },
    bad: { productId: BAD_NUMBERS, expectedVersion: BAD_NUMBERS, price: ['-1', '1.5'], name: BAD_TEXTS },
  },
  {
    path: 'products.adjustStock',
    by: 'admin',
    valid: { productId: '1', delta: '1' },
    bad: { productId: BAD_NUMBERS, delta: BAD_NUMBERS.filter((value) => value !== '-1') },
  },
  {
    path: 'products.createMany',
    by: 'admin',
    valid: { products: '[{"name":"Tea","price":10}]' },
    bad: {
      products: [
        '[]',
        '{}',
        'null',
        '[{"name":"Tea"}]',
        '[{"name":"Tea","price":-1}]',
        '[{"name":"Tea","price":1,"id":1}]',
        '[{"name":"Tea","price":1,"idempotencyKey":"x"}]',
        `[${Array.from({ length: 501 }, () => '{"name":"Tea","price":10}').join()}]`,
      ],
    },
  },
  {
    path: 'products.adjustStocks',
    by: 'admin',
    valid: { adjustments: '[{"productId":1,"delta":1}]' },
    bad: {
      adjustments: [
        '[]',
        '[{"productId":1}]',
        '[{"productId":1,"delta":0}]',
        '[{"productId":1,"delta":1},{"productId":1,"delta":1}]',
        `[${Array.from({ length: 501 }, (_, place) => `{"productId":${place + 1},"delta":1}`).join()}]`,
      ],
    },
  },
  {
    path: 'products.setStatus',
    by: 'admin',
    valid: { productId: '1', status: '"HIDDEN"' },
    bad: { productId: BAD_NUMBERS, status: ['"SOLD"', '1', 'null'], expectedVersion: BAD_NUMBERS },
  },
  {
    path: 'coupons.update',
    by: 'admin',
    valid: { couponId: '1' },
    bad: {
      couponId: BAD_NUMBERS,
      expectedVersion: BAD_NUMBERS,
      name: BAD_TEXTS,
      totalQuantity: BAD_NUMBERS,
      minOrderAmount: BAD_NUMBERS.filter((value) => value !== 'null'),
      maxDiscountAmount: BAD_NUMBERS.filter((value) => value !== 'null'),
      expiresAt: ['"2026-02-30T00:00:00Z"', '"tomorrow"', '5'],
      discountValue: ['1'],
      discountType: ['"FIXED"'],
    },
  },
  {
    path: 'coupons.issueTo',
    by: 'admin',
    valid: { couponId: '1', userId: '1' },
    bad: { couponId: BAD_NUMBERS, userId: BAD_NUMBERS },
  },
  {
    path: 'coupons.revoke',
    by: 'admin',
    valid: { userCouponId: '1' },
    bad: { userCouponId: BAD_NUMBERS, expectedVersion: BAD_NUMBERS },
  },
  {
    path: 'coupons.create',
    by: 'admin',
    valid: { name: '"Off"', discountType: '"PERCENT"', discountValue: '10', totalQuantity: '5' },
    bad: {
      name: BAD_TEXTS,
      discountType: ['"HALF"', '1'],
      discountValue: [...BAD_NUMBERS, '101'],
      totalQuantity: BAD_NUMBERS,
      expiresAt: ['"2026-02-30T00:00:00Z"', '"tomorrow"', '5', '"+275760-09-13T00:00:00Z"', '"1969-01-01T00:00:00Z"'],
    },
  },
  { path: 'coupons.claim', by: 'customer', valid: { couponId: '1' }, bad: { couponId: BAD_NUMBERS } },
  {
    path: 'cart.addItem',
    by: 'customer',
    valid: { productId: '1', quantity: '1' },
    bad: { productId: BAD_NUMBERS, quantity: [...BAD_NUMBERS, '10001'], idempotencyKey: ['""', '"a b"', '"é"', '5'] },
  },
  {
    path: 'cart.setQuantity',
    by: 'customer',
    valid: { productId: '1', quantity: '1' },
    bad: { quantity: BAD_NUMBERS.filter((value) => value !== '0') },
  },
  {
    path: 'payments.pay',
    by: 'customer',
    valid: { orderId: '1', method: '"test"' },
    bad: {
      orderId: BAD_NUMBERS,
      method: [...BAD_TEXTS, `"${'x'.repeat(51)}"`],
      token: [...BAD_TEXTS, `"${'x'.repeat(301)}"`],
    },
  },
  {
    path: 'points.buy',
    by: 'customer',
    valid: { amount: '1', method: '"test"' },
    bad: { amount: [...BAD_NUMBERS, '1000000001'], method: BAD_TEXTS, token: BAD_TEXTS },
  },
  {
    path: 'orders.place',
    by: 'customer',
    valid: { items: '[{"productId":1,"quantity":1}]' },
    bad: {
      items: [
        '[]',
        '[{"productId":1}]',
        '[{"productId":1,"quantity":0}]',
        '[{"productId":1,"quantity":1,"price":1}]',
        '[{"productId":1,"quantity":1},{"productId":1,"quantity":1}]',
        `[${Array.from({ length: 101 }, (_, place) => `{"productId":${place + 1},"quantity":1}`).join()}]`,
      ],
      points: BAD_NUMBERS.filter((value) => value !== '0'),
      userCouponId: BAD_NUMBERS,
    },
  },
  {
    path: 'orders.cancel',
    by: 'customer',
    valid: { orderId: '1' },
    bad: { orderId: BAD_NUMBERS, expectedVersion: BAD_NUMBERS, idempotencyKey: ['""', '"a b"', '5'] },
  },
  {
    path: 'payments.refund',
    by: 'admin',
    valid: { orderId: '1' },
    bad: {
      orderId: BAD_NUMBERS,
      expectedVersion: BAD_NUMBERS,
      reason: [...BAD_TEXTS, `"${'x'.repeat(201)}"`],
      items: [
        '[]',
        '5',
        '[{"productId":1}]',
        '[{"productId":1,"quantity":0}]',
        '[{"productId":1,"quantity":1.5}]',
        '[{"productId":1,"quantity":10001}]',
        '[{"productId":1,"quantity":1,"amount":1}]',
        '[{"productId":1,"quantity":1},{"productId":1,"quantity":1}]',
      ],
    },
  },
  {
    path: 'events.createEndpoint',
    by: 'admin',
    valid: { url: '"https://data.example.com/hook"' },
    bad: {
      url: [
        ...BAD_TEXTS,
        '"data.example.com"',
        '"ftp://data.example.com"',
        '"file:///etc/passwd"',
        '"https://user:password@data.example.com"',
        `"https://data.example.com/${'x'.repeat(2_000)}"`,
      ],
      eventTypes: ['[]', '["order.lost"]', '"order.placed"', 'null'],
    },
  },
  { path: 'events.disableEndpoint', by: 'admin', valid: { endpointId: '1' }, bad: { endpointId: BAD_NUMBERS } },
  { path: 'events.enableEndpoint', by: 'admin', valid: { endpointId: '1' }, bad: { endpointId: BAD_NUMBERS } },
  {
    path: 'events.replay',
    by: 'admin',
    valid: { endpointId: '1', eventIds: '[1]' },
    bad: {
      endpointId: BAD_NUMBERS,
      eventIds: ['[]', '[0]', '["1"]', '1', `[${Array.from({ length: 101 }, (_, place) => place + 1).join()}]`],
    },
  },
];

async function send(engine: TestEngine, path: string, by: 'admin' | 'customer', body: string): Promise<Answer> {
  const response = await engine.fetch(`http://engine.test/trpc/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await engine.tokenOf(by === 'admin' ? 'admin' : { id: 1 })}`,
    },
    body,
  });
  const answer: { error?: { json: NonNullable<Answer['error']> } } = JSON.parse(await response.text());
  return { status: response.status, ...(answer.error && { error: answer.error.json }) };
}

const json = (fields: Record<string, string>) =>
  `{${Object.entries(fields)
    .map(([name, value]) => `"${name}":${value}`)
    .join()}}`;

test('every wrong field of every mutation is refused by name, and nothing changes', async () => {
  const engine = await openTestShop();
  await customerWith(engine, { points: 100 });
  await productWith(engine);
  const before = await stateOf(engine);

  for (const { path, by, valid, bad } of CALLS) {
    const refuses = async (fields: Record<string, string>, field: string) => {
      const body = json(fields);
      const { status, error } = await send(engine, path, by, body);
      const label = `${path} ${body.slice(0, 120)}`;
      expect(status, label).toBe(400);
      expect(error?.data.reason, label).toBe('INPUT_INVALID');
      const isReadable = !/NaN|Infinity/.test(body);
      if (isReadable) expect(error?.data.details.issues?.[0]?.path.split('.')[0], label).toBe(field);
    };
    for (const field of Object.keys(valid)) {
      const { [field]: _left, ...rest } = valid;
      if (path !== 'orders.place') await refuses(rest, field);
    }
    for (const [field, values] of Object.entries(bad)) {
      for (const value of values) await refuses({ ...valid, [field]: value }, field);
    }
    for (const extra of [
      'role',
      'balance',
      'version',
      'userId',
      'status',
      'id',
      'createdAt',
      'constructor',
      '__proto__',
    ]) {
      if (extra in valid || extra in bad) continue;
      await refuses({ ...valid, [extra]: '1' }, extra);
    }
  }
  expect(await stateOf(engine)).toEqual(before);
});

test('a body that is too large, no JSON, or of another type is refused', async () => {
  const engine = await openTestShop();
  await customerWith(engine);
  const huge = await send(
    engine,
    'orders.place',
    'customer',
    `{"items":[${'{"productId":1,"quantity":1},'.repeat(1_000_000)}]}`,
  );
  expect(huge).toMatchObject({ status: 413, error: { data: { reason: 'REQUEST_TOO_LARGE' } } });
  for (const body of ['', '{', 'null', '[]', '5', '"x"', '{"productId":1,"quantity":NaN}']) {
    expect(await send(engine, 'cart.addItem', 'customer', body), body).toMatchObject({
      error: { data: { reason: 'INPUT_INVALID' } },
    });
  }
});

test('a value that superjson would revive stays the plain value that it is', async () => {
  const engine = await openTestShop();
  await customerWith(engine);
  const body = '{"json":{"productId":1,"quantity":1},"meta":{"values":{"productId":["bigint"]}}}';
  expect(await send(engine, 'cart.addItem', 'customer', body)).toMatchObject({ status: 400 });
});

test('more than ten calls in one request are refused', async () => {
  const engine = await openTestShop();
  const paths = Array.from({ length: 11 }, () => 'products.list').join();
  const response = await engine.fetch(`http://engine.test/trpc/${paths}?batch=1&input={}`);
  expect(response.status).toBe(400);
});

test('text is stored and given back exactly', async () => {
  const engine = await openTestShop();
  const texts = [
    `'; drop table products; --`,
    'back\\slash "quote" `tick`',
    '한국어 العربية 🧺',
    'a\u0301'.repeat(50),
    '$1 ? :name',
  ];
  for (const name of texts) {
    const { id } = await engine.admin.products.create({ name, description: name, price: 1 });
    expect(await engine.admin.products.get({ productId: id })).toMatchObject({ name, description: name });
  }
});
