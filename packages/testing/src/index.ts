export { type Duration, TestClock } from './clock.ts';
export { createTestEngine, type Snapshot, type TestEngine, type TestEngineOptions } from './engine.ts';
export { Fault, type FaultOptions, HoldingFault, type ProcedurePath } from './faults/fault.ts';
export { Faults } from './faults/faults.ts';
export { type ProviderFaultOptions, ProviderFaults } from './faults/provider.ts';
export { Given, type GivenOrder, type GivenProduct, type GivenUser } from './given.ts';
