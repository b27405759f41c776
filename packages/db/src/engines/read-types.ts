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
  const hasMinutes = text.charAt(text.length - 3) === ':';
  const sign = text.length - (hasMinutes ? 6 : 3);
  const minutesAhead = two(text, sign + 1) * 60 + (hasMinutes ? two(text, sign + 4) : 0);
  // The fraction has up to six digits, and begins behind the point; a whole second has none.
  const tenths = sign > 20 ? digit(text, 20) : 0;
  const hundredths = sign > 21 ? digit(text, 21) : 0;
  const thousandths = sign > 22 ? digit(text, 22) : 0;
  const local = Date.UTC(
    two(text, 0) * 100 + two(text, 2),
    two(text, 5) - 1,
    two(text, 8),
    two(text, 11),
    two(text, 14),
    two(text, 17),
    tenths * 100 + hundredths * 10 + thousandths,
  );
  return new Date(local + (text.charAt(sign) === '+' ? -minutesAhead : minutesAhead) * MINUTE_MS);
}

function two(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function digit(text: string, at: number): number {
  return text.charCodeAt(at) - ZERO;
}
