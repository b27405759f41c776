export type { AuditView, Difference } from './audit/schema.ts';
export { acceptApiKey } from './api-keys.ts';
export { verify } from './audit/verify.ts';
export { hashApiKey, newApiKey, signCustomerToken, type TokenSettings } from './authenticator.ts';
export type { Context } from './context.ts';
export { type AppRouter, appRouter } from './router.ts';
export { Server } from './server.ts';
export { openShop, Shop, type ShopOptions } from './shop.ts';
export { BATCH_SIZE_MAX, createFetch, type InternalError } from './wire.ts';
