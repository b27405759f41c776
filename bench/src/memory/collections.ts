/** With this V8 says what each collection of garbage left. It costs a line of text a collection. */
export const TRACING = '--trace-gc';

/**
 * What a full collection left in the heap, in bytes: what the program really holds. Undefined for every other line, those of
 * the quick collections of young objects included, which say nothing about old ones.
 */
export function heapAfterCollection(line: string): number | undefined {
  const megabytes = /\bMark-Compact\b.*? -> (\d+(?:\.\d+)?) \(/.exec(line)?.[1];
  return megabytes === undefined ? undefined : Number(megabytes) * 2 ** 20;
}
