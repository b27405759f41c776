import pg from 'pg';

/**
 * What the columns of a read become at once: numbers and Dates. The driver gives 64-bit integers as text, of which every one
 * in the shop is a safe integer, and the ORM asks it for moments as text, too.
 */
export const READ_TYPES = new pg.TypeOverrides();
READ_TYPES.setTypeParser(pg.types.builtins.INT8, Number);
READ_TYPES.setTypeParser(pg.types.builtins.TIMESTAMPTZ, momentOf);

const MINUTE_MS = 60_000;
const ZERO = 48;
const USUAL = /^[1-9]\d{3}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::\d\d)?$/;

/** The moment that Postgres writes as `2026-01-31 12:00:00.123+00`; what it writes in another way stays as it is. */
export function momentOf(text: string): Date | string {
  if (!USUAL.test(text)) return text;
  const digit = (at: number) => text.charCodeAt(at) - ZERO;
  const two = (at: number) => digit(at) * 10 + digit(at + 1);
  const hasMinutes = text.charAt(text.length - 3) === ':';
  const sign = text.length - (hasMinutes ? 6 : 3);
  const minutesAhead = two(sign + 1) * 60 + (hasMinutes ? two(sign + 4) : 0);
  // The fraction has up to six digits, and begins where a whole second has its sign.
  const fraction = (at: number) => (at < sign ? digit(at) : 0);
  const milliseconds = fraction(20) * 100 + fraction(21) * 10 + fraction(22);
  const local = Date.UTC(two(0) * 100 + two(2), two(5) - 1, two(8), two(11), two(14), two(17), milliseconds);
  return new Date(local + (text.charAt(sign) === '+' ? -minutesAhead : minutesAhead) * MINUTE_MS);
}
