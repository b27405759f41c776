import { expect, test } from 'vitest';
import { kindOfSql, nameOfSql } from '../../src/race/step.ts';

test.for([
  { sql: 'begin', kind: 'begin', name: 'BEGIN' },
  {
    sql: 'start transaction isolation level repeatable read',
    kind: 'begin',
    name: 'START TRANSACTION ISOLATION LEVEL REPEATABLE READ',
  },
  { sql: 'commit', kind: 'commit', name: 'COMMIT' },
  { sql: 'rollback', kind: 'rollback', name: 'ROLLBACK' },
  { sql: '/* prepared */\n select "id" from "stocks" where id = $1', kind: 'read', name: 'read stocks' },
  { sql: 'select * from "stocks" order by id for no key update', kind: 'lock', name: 'lock stocks' },
  { sql: 'select o.id from orders as o join "payments" as p on true', kind: 'read', name: 'read orders, payments' },
  { sql: "select 'a' as t, nextval('a_id_seq') from generate_series(1, 4)", kind: 'ids', name: 'take ids' },
  {
    sql: 'with w as (insert into "orders" ("id") select 1), v as (update "stocks" as stored set a = 1) select',
    kind: 'write',
    name: 'insert orders; update stocks',
  },
  { sql: 'delete from "cart_items" where id = 1', kind: 'write', name: 'delete cart_items' },
  { sql: 'select pg_try_advisory_xact_lock($1) as granted', kind: 'write', name: expect.stringMatching(/advisory/) },
])('$sql is told as $name', ({ sql, kind, name }) => {
  expect(kindOfSql(sql, true)).toBe(kind);
  expect(nameOfSql(sql)).toEqual(name);
});

test('outside a transaction a statement that writes or locks is seen at once', () => {
  expect(kindOfSql('update stocks set a = 1', false)).toBe('commit');
  expect(kindOfSql('select 1 from stocks for update', false)).toBe('commit');
  expect(kindOfSql('select 1 from stocks', false)).toBe('read');
});
