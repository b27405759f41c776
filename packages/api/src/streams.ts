import { z } from 'zod';
import type { StreamItem } from './feed.ts';
import type { Schema } from './fields.ts';

/** What every stream of events answers. Each item was checked when it was read. */
export const eventStream: Schema<AsyncIterable<StreamItem>> = z.custom<AsyncIterable<StreamItem>>(
  (value) => value instanceof Object && Symbol.asyncIterator in value,
);
