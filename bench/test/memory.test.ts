import { expect, test } from 'vitest';
import { heapAfterCollection } from '../src/memory/collections.ts';
import { growthPerMinute, secondHalf } from '../src/memory/trend.ts';

const STEADY = Array.from({ length: 61 }, (_, seconds) => ({ seconds, bytes: 100 + seconds }));

test('what grows by a byte a second grows by sixty a minute', () => {
  expect(growthPerMinute(STEADY)).toBeCloseTo(60);
});

test('what swings around one value does not grow', () => {
  const swinging = [50, 100, 50, 100, 50].map((bytes, seconds) => ({ seconds, bytes }));

  expect(growthPerMinute(swinging)).toBeCloseTo(0);
});

test('what shrinks grows by less than nothing, however its samples lie in time', () => {
  const shrinking = [0, 1, 10, 60].map((seconds) => ({ seconds, bytes: 1_000 - 2 * seconds }));

  expect(growthPerMinute(shrinking)).toBeCloseTo(-120);
});

test.each([[[]], [[{ seconds: 1, bytes: 100 }]]])('of %j nothing is said about growth', (samples) => {
  expect(growthPerMinute(samples)).toBeUndefined();
});

test('the second half of a run begins in its middle', () => {
  expect(secondHalf(STEADY, 60).map(({ seconds }) => seconds)).toEqual(Array.from({ length: 31 }, (_, i) => 30 + i));
});

test('a full collection says what it left in the heap', () => {
  const line =
    '[7026:0x256e4000]      315 ms: Mark-Compact 53.2 (179.7) -> 7.5 (136.5) MB, pooled: 29 MB, 9.17 / 0.00 ms  ' +
    '(+ 2.0 ms in 26 steps since start of marking) (average mu = 0.965, current mu = 0.965) finalize incremental marking';

  expect(heapAfterCollection(line)).toBe(7.5 * 2 ** 20);
});

test.each([
  '[7036:0x2edd5000]       57 ms: Scavenge 4.9 (6.0) -> 4.5 (7.0) MB, pooled: 0 MB, 2.67 / 0.00 ms  allocation failure;',
  'Baguni is open at http://127.0.0.1:3000',
])('%j is no full collection', (line) => {
  expect(heapAfterCollection(line)).toBeUndefined();
});
