import fc from 'fast-check';
import pg from 'pg';
import { expect, test } from 'vitest';
import { momentOf } from '../src/engines/read-types.ts';

const parse = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ);

/** As Postgres writes it in a session whose time zone is so many minutes ahead. */
function written(moment: Date, minutesAhead: number, isShort: boolean): string {
  const local = new Date(moment.getTime() + minutesAhead * 60_000).toISOString();
  const [, date = '', time = '', fraction = ''] = /^(.*)T(.*)\.(.*)Z$/.exec(local) ?? [];
  const ahead = Math.abs(minutesAhead);
  const [hours, minutes] = [Math.floor(ahead / 60), ahead % 60].map((part) => String(part).padStart(2, '0'));
  const digits = isShort ? fraction.replace(/0+$/, '') : `${fraction}456`;
  return `${date} ${time}${digits && `.${digits}`}${minutesAhead < 0 ? '-' : '+'}${hours}${minutes === '00' ? '' : `:${minutes}`}`;
}

test('a moment that Postgres writes in any time zone is read as the driver reads it', () => {
  const moments = fc.date({
    noInvalidDate: true,
    min: new Date('1000-01-02T00:00:00Z'),
    max: new Date('9999-12-30T00:00:00Z'),
  });
  const zones = fc.oneof(fc.constant(0), fc.integer({ min: -14 * 60, max: 14 * 60 }));
  fc.assert(
    fc.property(moments, zones, fc.boolean(), (moment, minutesAhead, isShort) => {
      const text = written(moment, minutesAhead, isShort);
      expect([text, momentOf(text)]).toEqual([text, moment]);
      expect([text, momentOf(text)]).toEqual([text, parse(text)]);
    }),
    { numRuns: 2_000, seed: 1 },
  );
});

test.each([
  'infinity',
  '0099-01-01 00:00:00+00',
  '0044-03-15 12:00:00+00 BC',
  '10000-01-01 00:00:00+00',
  '1900-01-01 00:00:00+08:27:52',
])('%s is left to others', (text) => {
  expect(momentOf(text)).toBe(text);
});
