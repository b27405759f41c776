export type { EventType, ShopSettings } from '@baguni/db';
export { acceptApiKey } from './api-keys.ts';
export { describeDifference } from './audit/describe.ts';
export type { AuditView, Difference } from './audit/schema.ts';
export { verify } from './audit/verify.ts';
export { hashApiKey, newApiKey, signCustomerToken, type TokenSettings } from './authenticator.ts';
export { calledProcedures } from './called-procedures.ts';
export { BATCH_SIZE_MAX } from './calls.ts';
export type { Context } from './context.ts';
export { seedDemo } from './demo/seed.ts';
export { type ReasonDetails, TREATMENTS } from './errors.ts';
export { relayEvents } from './events/relay.ts';
export { type EventView, eventView } from './events/schema.ts';
export { sequenceEvents } from './events/sequence.ts';
export { toEventView } from './events/views.ts';
export { nextJobAt, runDueJobs, startJobs } from './jobs.ts';
export { placeOrder } from './orders/commands.ts';
export { sweepExpiredOrders } from './orders/sweep.ts';
export type { PaymentProvider } from './payments/provider.ts';
export { type Misbehaviour, type TestCollection, TestProvider, type TestWebhook } from './payments/test-provider.ts';
export { type TossOptions, TossProvider } from './payments/toss-provider.ts';
export {
  type ProcedureMeta,
  REASONS_OF_EVERY_CALL,
  REASONS_OF_EVERY_CALLER,
  REASONS_OF_EVERY_MUTATION,
} from './reasons.ts';
export { reconcilePayments } from './reconcile.ts';
export { type AppRouter, appRouter } from './router.ts';
export { openShop, Shop, type ShopOptions, shopOn } from './shop.ts';
export type { JsonSchema, ProcedureKind, ProcedureSurface, ReasonSurface, Surface } from './surface.ts';
export { createFetch, type InternalError } from './wire.ts';
