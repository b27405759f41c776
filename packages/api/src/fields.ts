import { z } from 'zod';
import { LINE_QUANTITY_MAX, PRICE_MAX } from './limits.ts';

/** A schema for values that come in as they are used. */
export type Schema<Value> = z.ZodType<Value, Value>;

export const id = () => z.int().positive();

export const price = () => z.int().min(0).max(PRICE_MAX);

export const lineQuantity = () => z.int().min(1).max(LINE_QUANTITY_MAX);

/** Text that both databases store exactly as it came. */
export const text = (lengthMax: number) =>
  z
    .string()
    .max(lengthMax)
    .refine((value) => value.isWellFormed() && !value.includes('\u0000'), 'Holds a character that cannot be stored.');

/** Text that says something. */
export const name = (lengthMax: number) =>
  text(lengthMax).refine((value) => value.trim().length > 0, 'Must not be empty.');

const INSTANT_MAX = Date.UTC(9999, 11, 31);
const isoInstant = z.iso.datetime({ offset: true });

// A client's Date travels as its ISO text, because nothing but plain JSON is accepted from a client.
export const instant = () =>
  z
    .custom<Date>((value) => value instanceof Date || isoInstant.safeParse(value).success, 'Must be an ISO 8601 time.')
    // What a JSON Schema of it says.
    .meta({ type: 'string', format: 'date-time' })
    .transform((value) => new Date(value))
    .refine((value) => value.getTime() >= 0 && value.getTime() <= INSTANT_MAX, 'Must lie between 1970 and 9999.');

export const expectedVersion = () => z.int().positive().optional();

/** What every mutation takes besides its own fields. */
export interface Mutation {
  /**
   * Makes the call count once: the same key again gives the same answer and changes nothing more.
   * 1 to 255 of the characters `A-Z a-z 0-9 . _ : -`; the SDK makes one for each call.
   */
  idempotencyKey?: string | undefined;
}

export const mutation = {
  idempotencyKey: z
    .string()
    .regex(/^[A-Za-z0-9._:-]{1,255}$/, 'Must be 1 to 255 of the characters A-Z a-z 0-9 . _ : -')
    .optional(),
};
