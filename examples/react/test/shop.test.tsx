// @vitest-environment happy-dom
import { createTestEngine, type TestEngine } from '@baguni/testing';
import { cleanup, configure, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Shop } from '../src/Shop.tsx';

// How long to wait for what comes; it says nothing about how fast it is.
configure({ asyncUtilTimeout: 20_000 });

let engine: TestEngine;
let customer: { readonly id: number };

// The page talks to the real engine in this process: no port, no mock.
beforeEach(async () => {
  engine = await createTestEngine();
  customer = await engine.given.user({ points: 10_000 });
});

afterEach(async () => {
  cleanup();
  await engine.close();
});

const click = (name: string) => fireEvent.click(screen.getByRole('button', { name }));

test('the shelf shows page after page, and what is searched for', async () => {
  for (const name of ['Bowl', 'Cup', 'Dish', 'Ewer']) await engine.given.product({ name });
  render(<Shop client={engine.customer(customer)} />);
  await screen.findByText(/^Ewer/);
  expect(screen.queryByText(/^Bowl/)).toBeNull();
  click('More');
  await screen.findByText(/^Bowl/);
  expect(screen.queryByRole('button', { name: 'More' })).toBeNull();

  fireEvent.change(screen.getByLabelText('Search'), { target: { value: 'Cup' } });
  await screen.findByText(/^Cup/);
  expect(screen.queryByText(/^Ewer/)).toBeNull();
});

test('what is added is in the cart, and one more of it at once', async () => {
  await engine.given.product({ name: 'Bowl' });
  render(<Shop client={engine.customer(customer)} />);
  fireEvent.click(await screen.findByRole('button', { name: 'Add Bowl' }));
  await screen.findByText(/^1 × Bowl/);
  click('One more Bowl');
  await screen.findByText(/^2 × Bowl/);
  await expect
    .poll(async () => (await engine.customer(customer).cart.get()).items[0]?.quantity, { timeout: 20_000 })
    .toBe(2);
});

test('an order of more than there is says how many are left', async () => {
  const bowl = await engine.given.product({ name: 'Bowl', stock: 3 });
  const shop = engine.customer(customer);
  await shop.cart.addItem({ productId: bowl.id, quantity: 3 });
  render(<Shop client={shop} />);
  await screen.findByText(/^3 × Bowl/);
  // Meanwhile, somebody else buys two of them.
  const other = engine.customer(await engine.given.user());
  await other.orders.place({ items: [{ productId: bowl.id, quantity: 2 }] });
  click('Order');
  expect((await screen.findByRole('alert')).textContent).toBe('Only 1 left.');
});

test('an order shows what becomes of it', async () => {
  const bowl = await engine.given.product({ name: 'Bowl' });
  const shop = engine.customer(customer);
  await shop.cart.addItem({ productId: bowl.id, quantity: 1 });
  render(<Shop client={shop} />);
  await screen.findByText(/^1 × Bowl/);
  click('Order');
  await screen.findByText(/is WAITING/);
  const { items } = await shop.orders.list();
  for (const { id: orderId } of items) await shop.orders.cancel({ orderId });
  await engine.runDue();
  await screen.findByText(/is CANCELLED/);
});

test('an order whose answer was lost is found again, and is placed once', async () => {
  const bowl = await engine.given.product({ name: 'Bowl' });
  const shop = engine.customer(customer);
  await shop.cart.addItem({ productId: bowl.id, quantity: 1 });
  render(<Shop client={shop} />);
  await screen.findByText(/^1 × Bowl/);
  // The first attempt and its three retries: each gets through, and none of their answers comes back.
  engine.faults.answerLost({ on: 'orders.place', times: 4 });
  click('Order');
  fireEvent.click(await screen.findByRole('button', { name: 'Find out' }));
  await screen.findByText(/is WAITING/);
  expect((await shop.orders.list()).items).toHaveLength(1);
});
