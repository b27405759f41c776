export { type Duration, TestClock } from './clock.ts';
export { createTestEngine, TestEngine, type TestEngineOptions } from './engine.ts';
