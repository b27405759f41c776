import assert from 'node:assert/strict';
import { feature } from '../behaviour.ts';
import { proceduresFor } from '../callers.ts';
import { assertRefused, times } from '../expectations.ts';
import { lineOf, type Trial } from '../trial.ts';

/** A call whose JSON is no valid input: refused, and the field named. */
async function assertNamed(trial: Trial, { path, token, body, field }: BadCall): Promise<void> {
  const { status, error } = await trial.wire.send(path, { method: 'POST', token, body });
  const label = `${path} ${body.slice(0, 100)}`;
  assert.equal(status, 400, label);
  assert.equal(error?.data.reason, 'INPUT_INVALID', label);
  const fields = error.data.details.issues?.map((issue) => issue.path.split('.')[0]);
  assert.ok(fields?.includes(field), `${label}: ${field} is not among ${fields?.join()}`);
}

interface BadCall {
  readonly path: string;
  readonly token: string;
  readonly body: string;
  /** The field that is wrong. */
  readonly field: string;
}

const NO_COUNTS = ['0', '-1', '1.5', '9007199254740992', 'null', '"5"', 'true', '[]', '{}', '1e21'];
const NO_NAMES = ['""', '"   "', '"\\u0000"', '"\\ud800"', '5', 'null', '[]'];

/** What each field must refuse, with the other fields as they should be. */
const FIELDS = {
  admin: {
    'users.create': { valid: { name: '"Kim"' }, bad: { name: NO_NAMES, externalId: NO_NAMES } },
    'points.charge': {
      valid: { userId: '1', amount: '10' },
      bad: { userId: NO_COUNTS, amount: [...NO_COUNTS, '1000000001'] },
    },
    'products.create': {
      valid: { name: '"Tea"', price: '10' },
      bad: { name: NO_NAMES, price: ['-1', '1.5', 'null', '"5"', '1000000001'], quantity: ['-1', '0.5', '"1"'] },
    },
    'products.adjustStock': {
      valid: { productId: '1', delta: '1' },
      bad: { delta: ['0', '1.5', 'null', '"1"'], expectedVersion: NO_COUNTS },
    },
    'coupons.create': {
      valid: { name: '"Off"', discountType: '"PERCENT"', discountValue: '10', totalQuantity: '5' },
      bad: {
        discountType: ['"HALF"', '1'],
        discountValue: [...NO_COUNTS, '101'],
        totalQuantity: NO_COUNTS,
        expiresAt: ['"2026-02-30T00:00:00Z"', '"tomorrow"', '5', '"1969-01-01T00:00:00Z"'],
      },
    },
  },
  customer: {
    'cart.addItem': {
      valid: { productId: '1', quantity: '1' },
      bad: { productId: NO_COUNTS, quantity: [...NO_COUNTS, '10001'] },
    },
    'orders.place': {
      valid: { items: '[{"productId":1,"quantity":1}]' },
      bad: {
        points: ['-1', '0.5', '"5"', 'null'],
        userCouponId: NO_COUNTS,
        items: [
          '[]',
          '[{"productId":1}]',
          '[{"productId":1,"quantity":1,"price":1}]',
          '[{"productId":1,"quantity":1},{"productId":1,"quantity":1}]',
          `[${times(101, (place) => `{"productId":${place + 1},"quantity":1}`).join()}]`,
        ],
      },
    },
  },
} as const satisfies Record<string, Record<string, Calls>>;

interface Calls {
  readonly valid: Readonly<Record<string, string>>;
  readonly bad: Readonly<Record<string, readonly string[]>>;
}

const jsonOf = (fields: Readonly<Record<string, string>>) =>
  `{${Object.entries(fields)
    .map(([name, value]) => `"${name}":${value}`)
    .join()}}`;

export const input = feature('Input', {
  'a field that is wrong in any way is refused by its name': async (trial) => {
    const { user } = await trial.customer();
    const tokens = { admin: trial.wire.adminKey, customer: await trial.tokenOf(user) };
    for (const caller of ['admin', 'customer'] as const) {
      const calls: [string, Calls][] = Object.entries(FIELDS[caller]);
      for (const [path, { valid, bad }] of calls) {
        for (const [field, values] of Object.entries(bad)) {
          for (const value of values) {
            await assertNamed(trial, {
              path,
              token: tokens[caller],
              body: jsonOf({ ...valid, [field]: value }),
              field,
            });
          }
        }
      }
    }
  },

  'every procedure that changes something refuses fields that it does not know, and keys that are none': async (
    trial,
  ) => {
    const { user } = await trial.customer();
    const tokens = { admin: trial.wire.adminKey, customer: await trial.tokenOf(user) };
    for (const caller of ['admin', 'customer'] as const) {
      for (const { path, method } of proceduresFor(caller)) {
        if (method !== 'POST') continue;
        for (const field of ['role', '__proto__']) {
          await assertNamed(trial, { path, token: tokens[caller], body: `{"${field}":1}`, field });
        }
        for (const key of ['"a b"', '5']) {
          const body = `{"idempotencyKey":${key}}`;
          await assertNamed(trial, { path, token: tokens[caller], body, field: 'idempotencyKey' });
        }
      }
    }
  },

  'a call with wrong input changes nothing': async (trial) => {
    const { user, shop } = await trial.customer({ points: 100 });
    const product = await trial.product();
    const cart = await shop.cart.addItem(lineOf(product));
    const token = await trial.tokenOf(user);
    const bodies = [
      `{"items":[{"productId":${product.id},"quantity":1}],"points":-1}`,
      `{"items":[{"productId":${product.id},"quantity":1},{"productId":${product.id},"quantity":1}]}`,
      `{"items":[{"productId":${product.id},"quantity":1.5}]}`,
      '{"points":1e21}',
    ];
    for (const body of bodies) {
      assert.equal((await trial.wire.send('orders.place', { method: 'POST', token, body })).status, 400, body);
    }
    assert.deepEqual(await shop.cart.get(), cart);
    assert.deepEqual((await shop.orders.list()).items, []);
    assert.deepEqual(await trial.admin.products.get({ productId: product.id }), product);
    assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 100 });
  },

  'a body that is no JSON object is refused': async (trial) => {
    const token = await trial.tokenOf((await trial.customer()).user);
    for (const body of ['', '{', 'null', '[]', '5', '"x"', '{"productId":1,"quantity":NaN}']) {
      const { error } = await trial.wire.send('cart.addItem', { method: 'POST', token, body });
      assert.partialDeepStrictEqual(error?.data, { reason: 'INPUT_INVALID', httpStatus: 400 }, body);
    }
  },

  'a body that is too large is refused': async (trial) => {
    const token = await trial.tokenOf((await trial.customer()).user);
    const body = `{"items":[${times(5_000, () => '{"productId":1,"quantity":1}').join()}]}`;
    const { error } = await trial.wire.send('orders.place', { method: 'POST', token, body });
    assert.partialDeepStrictEqual(error?.data, { reason: 'REQUEST_TOO_LARGE', httpStatus: 413 });
  },

  'a client cannot choose types on the server': async (trial) => {
    const token = await trial.tokenOf((await trial.customer()).user);
    const body = '{"json":{"productId":1,"quantity":1},"meta":{"values":{"productId":["bigint"]}}}';
    const { error } = await trial.wire.send('cart.addItem', { method: 'POST', token, body });
    assert.partialDeepStrictEqual(error?.data, { reason: 'INPUT_INVALID' });
  },

  'a page holds one to a hundred items': async (trial) => {
    for (const limit of [0, -1, 101, 1.5]) {
      await assertRefused(trial.anonymous.products.list({ limit }), 'INPUT_INVALID');
    }
    assert.ok((await trial.anonymous.products.list({ limit: 100 })).items.length <= 100);
  },

  'at most five hundred products are added or adjusted in one call': async (trial) => {
    const products = times(501, () => ({ name: trial.word, price: 1 }));
    await assertRefused(trial.admin.products.createMany({ products }), 'INPUT_INVALID');
    const adjustments = times(501, (place) => ({ productId: place + 1, delta: 1 }));
    await assertRefused(trial.admin.products.adjustStocks({ adjustments }), 'INPUT_INVALID');
    assert.deepEqual((await trial.anonymous.products.list({ search: trial.word })).items, []);
  },
});
