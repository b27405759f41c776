import BetterSqlite3 from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { PreparedStatements } from '../src/engines/prepared-statements.ts';

function openFile() {
  const file = new BetterSqlite3(':memory:');
  file.exec("create table teas (name text) strict; insert into teas values ('Assam'), ('Sencha')");
  const statements = new PreparedStatements(file);
  onTestFinished(() => statements.close());
  return { file, statements };
}

test('a statement that is sent again is the one that was prepared', () => {
  const { statements } = openFile();
  const first = statements.prepare('select * from teas');
  expect(statements.prepare('select * from teas')).toBe(first);
  expect(statements.prepare('select name from teas')).not.toBe(first);
});

test('a statement that was prepared before a column was added sees it', () => {
  const { file, statements } = openFile();
  expect(statements.prepare('select * from teas').get([])).toEqual({ name: 'Assam' });
  file.exec('alter table teas add column cups integer');
  expect(statements.prepare('select * from teas').get([])).toEqual({ name: 'Assam', cups: null });
});

test('rows that are gone through one by one do not keep others from sending the same statement', () => {
  const { statements } = openFile();
  const names: unknown[] = [];
  for (const row of statements.prepare('select name from teas').iterate([])) {
    names.push(row, statements.prepare('select name from teas').all([]).length);
  }
  expect(names).toEqual([{ name: 'Assam' }, 2, { name: 'Sencha' }, 2]);
});

test('of more statements than are kept, the one that was sent longest ago is forgotten', () => {
  const { statements } = openFile();
  const oldest = statements.prepare('select 0');
  const used = statements.prepare('select 1');
  for (let number = 2; number < 256; number++) statements.prepare(`select ${number}`);
  expect(statements.prepare('select 1')).toBe(used);
  statements.prepare('select 256');
  expect(statements.prepare('select 1')).toBe(used);
  expect(statements.prepare('select 0')).not.toBe(oldest);
});
