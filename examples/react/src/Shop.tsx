import type { Shop as ShopClient } from '@baguni/sdk';
import { BaguniProvider } from '@baguni/sdk/react';
import { useState } from 'react';
import { Cart } from './Cart.tsx';
import { Checkout } from './Checkout.tsx';
import { OrderStatus } from './OrderStatus.tsx';
import { ProductList } from './ProductList.tsx';

/** A shop on one page. `client` is `createClient({ url, token })`, made once where the page starts. */
export function Shop({ client }: { client: ShopClient }) {
  const [orderId, setOrderId] = useState<number>();
  return (
    <BaguniProvider client={client}>
      <ProductList />
      <Cart />
      {orderId === undefined ? (
        <Checkout onPlaced={({ id }) => setOrderId(id)} />
      ) : (
        <OrderStatus key={orderId} orderId={orderId} />
      )}
    </BaguniProvider>
  );
}
