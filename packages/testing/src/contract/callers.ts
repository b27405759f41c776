type Caller = 'admin' | 'customer' | 'owner' | 'public';
type Method = 'GET' | 'POST';

/** Who may call which procedure, and with which method. An owner is a customer in their own things, or an admin in anybody's. */
export const CALLERS: Readonly<Record<Caller, Readonly<Record<Method, readonly string[]>>>> = {
  admin: {
    POST: [
      'users.create',
      'users.update',
      'points.charge',
      'points.adjust',
      'products.create',
      'products.createMany',
      'products.update',
      'products.adjustStock',
      'products.adjustStocks',
      'products.setStatus',
      'coupons.create',
      'coupons.update',
      'coupons.issueTo',
      'coupons.revoke',
      'payments.refund',
      'events.createEndpoint',
      'events.disableEndpoint',
      'events.enableEndpoint',
      'events.replay',
    ],
    GET: [
      'users.get',
      'users.list',
      'orders.search',
      'events.list',
      'events.stream',
      'events.listEndpoints',
      'events.deliveries',
      'audit.verify',
    ],
  },
  customer: {
    POST: [
      'points.buy',
      'coupons.claim',
      'cart.addItem',
      'cart.setQuantity',
      'cart.removeItem',
      'cart.clear',
      'orders.place',
      'orders.cancel',
      'payments.pay',
    ],
    GET: [
      'users.me',
      'coupons.mine',
      'cart.get',
      'orders.get',
      'orders.list',
      'orders.quote',
      'orders.stream',
      'payments.get',
    ],
  },
  owner: { POST: [], GET: ['points.balance', 'points.history'] },
  public: {
    POST: [],
    GET: ['products.get', 'products.list', 'products.bestSellers', 'coupons.get', 'coupons.list'],
  },
};

/** Each procedure with the method that it is called with. */
export function proceduresFor(caller: Caller): { path: string; method: Method }[] {
  const { POST, GET } = CALLERS[caller];
  return [
    ...POST.map((path) => ({ path, method: 'POST' as const })),
    ...GET.map((path) => ({ path, method: 'GET' as const })),
  ];
}
