export { verify } from './audit/verify.ts';
export { newApiKey, signCustomerToken, type TokenSettings } from './authenticator.ts';
export type { Context } from './context.ts';
export type { ReasonDetails } from './errors.ts';
export { type AppRouter, appRouter } from './router.ts';
export { openShop, Shop, type ShopOptions } from './shop.ts';
