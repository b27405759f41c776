export { EngineAuditError } from './audit-on-close.ts';
export type { Duration, TestClock } from './clock.ts';
export { createTestEngine, type Snapshot, type TestEngine, type TestEngineOptions } from './engine.ts';
export type { EngineEvents, RecordedDelivery, RecordedEvent, RecordedEventOf } from './events.ts';
export { Fault, type FaultOptions, HoldingFault, type ProcedurePath } from './faults/fault.ts';
export { Faults } from './faults/faults.ts';
export { type ProviderFaultOptions, ProviderFaults } from './faults/provider.ts';
export { Given, type GivenCoupon, type GivenOrder, type GivenProduct, type GivenUser, type Made } from './given.ts';
export type { ListenOptions } from './listen.ts';
