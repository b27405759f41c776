export { type Duration, TestClock } from './clock.ts';
export { createTestEngine, type Snapshot, TestEngine, type TestEngineOptions } from './engine.ts';
export { Given, type GivenOrder, type GivenProduct, type GivenUser } from './given.ts';
