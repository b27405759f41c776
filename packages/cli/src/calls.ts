import { createClient } from '@baguni/sdk';
import type { Procedure } from './surface.ts';

/** How many items of a list are shown unless said otherwise. */
export const LIMIT = 20;
/** How many the server gives in one page at most. */
const PAGE_SIZE_MAX = 100;

export interface Connection {
  readonly url: string;
  readonly key?: string | undefined;
}

/** What a call takes: its input, and how much of a list is wanted. */
export interface Call {
  readonly path: string;
  readonly procedure: Procedure;
  readonly input: Readonly<Record<string, unknown>>;
  readonly itemsMax: number;
}

/** What the procedure answers; of a list, its items. */
export async function answerTo(call: Call, connection: Connection): Promise<unknown> {
  if (call.procedure.kind !== 'list') return await invoke(call, connection, call.input);
  const limit = Math.min(call.itemsMax, PAGE_SIZE_MAX);
  const items: unknown[] = [];
  for await (const item of each(invoke(call, connection, { ...call.input, limit }))) {
    if (items.push(item) === call.itemsMax) break;
  }
  return items;
}

/** What a stream gives, as it comes. */
export function follow(call: Call, connection: Connection, signal: AbortSignal): AsyncIterable<unknown> {
  return each(invoke(call, connection, call.input, { signal }));
}

/** The client's function of that name: the report that names it is made from the same router as the client's types. */
function invoke({ path, procedure }: Call, { url, key }: Connection, input: object, options?: object): unknown {
  const shop = createClient({ url, ...(key !== undefined && { token: key }) });
  const [feature = '', name = ''] = path.split('.');
  const calls: unknown = Reflect.get(shop, feature);
  const call: unknown = calls instanceof Object ? Reflect.get(calls, name) : undefined;
  if (typeof call !== 'function') throw new Error(`The client has no ${path}.`);
  return procedure.input === null ? call(undefined, options) : call(input, options);
}

function each(answer: unknown): AsyncIterable<unknown> {
  if (isAsyncIterable(answer)) return answer;
  throw new Error('The client gave no list.');
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return value instanceof Object && Symbol.asyncIterator in value;
}
