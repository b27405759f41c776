import { createClient, isBaguniError } from '@baguni/sdk';
import { signWebhook, verifyWebhook, WebhookVerificationError } from '@baguni/sdk/webhooks';

const SECRET = 'whsec_bmV3IHNlY3JldCBvZiBhIHJ1bnRpbWU=';

/** What an app does with a shop, in whatever runtime this is; gives what it saw. */
export async function runProgram({ url, token }) {
  const shop = createClient({ url, token });
  const products = [];
  for await (const product of shop.products.list()) products.push(product);
  const product = products.find(({ quantity }) => quantity > 1);

  const placed = await shop.orders.place({ items: [{ productId: product.id, quantity: 1 }] }).withResponse();
  const { id: orderId, createdAt } = placed.data;

  const seen = [];
  const following = (async () => {
    for await (const { type } of shop.orders.stream({ orderId, after: 0 })) {
      seen.push(type);
      if (type === 'order.cancelled') return;
    }
  })();
  await shop.orders.cancel({ orderId });
  await following;

  const refused = await shop.orders.cancel({ orderId }).catch((error) => error);
  return {
    products: products.length > 20,
    order: { placed: placed.status, requestId: isId(placed.requestId), isDate: createdAt instanceof Date },
    events: seen,
    refusal: isBaguniError(refused, 'ORDER_NOT_WAITING') && {
      status: refused.details.status,
      requestId: isId(refused.requestId),
    },
    webhooks: { right: verify(SECRET), wrong: verify('whsec_YW5vdGhlciBzZWNyZXQ=') },
  };
}

function isId(text) {
  return /^[\da-f-]{36}$/.test(text);
}

function verify(secret) {
  const data = { productId: 1, quantity: 0 };
  const event = { id: 'evt_1', type: 'stock.out', schemaVersion: 1, occurredAt: new Date(), data };
  const { body, headers } = signWebhook(event, SECRET);
  try {
    return verifyWebhook(body, headers, secret).type;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.reason;
    throw error;
  }
}
