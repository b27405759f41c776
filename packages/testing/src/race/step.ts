/**
 * What a step of an operation does to what others see:
 * - `begin` opens a transaction, which nobody sees;
 * - `read` looks at what is committed, and waits for nobody;
 * - `lock` and `write` hold rows until the transaction ends, and wait for whoever holds them;
 * - `ids` takes numbers from sequences, which no transaction gives back and for which nobody waits;
 * - `commit` and `rollback` end it, and `commit` shows what was written;
 * - `call` asks somebody outside the database.
 */
export type StepKind = 'begin' | 'read' | 'lock' | 'write' | 'ids' | 'commit' | 'rollback' | 'call';

/** What an operation does next. */
export interface Step {
  readonly operation: string;
  readonly kind: StepKind;
  /** For people: `lock stocks`. */
  readonly name: string;
  /** The tables whose rows a `lock` may hold. */
  readonly tables: readonly string[];
}

/** Whether a step may have to wait for a lock that another transaction holds. */
export function mayWait({ kind }: Step): boolean {
  return kind === 'lock' || kind === 'write' || kind === 'commit';
}

/** A step that was taken, and the operations that it then had to wait for. */
export interface TakenStep {
  readonly step: Step;
  readonly waitsFor: readonly string[];
}

/**
 * Whether the outcome is the same whichever of two operations goes first: `taken` was tried first, and `next` is the
 * step of another operation. When in doubt, it is not.
 */
export function commute({ step: taken, waitsFor }: TakenStep, next: Step): boolean {
  if (taken.kind === 'begin' || next.kind === 'begin') return true;
  if (taken.kind === 'call' || next.kind === 'call') return taken.kind !== next.kind;
  if (taken.kind === 'ids' || next.kind === 'ids') return taken.kind !== next.kind;
  // It would only wait a little later for the same transaction, which shows nothing before it ends.
  if (waitsFor.length > 0) return waitsFor.every((each) => each === next.operation) && !ends(next);
  // What is not committed is not seen, and a plain read holds nothing.
  if (taken.kind === 'read') return next.kind !== 'commit';
  if (next.kind === 'read') return taken.kind !== 'commit';
  return taken.kind === 'lock' && next.kind === 'lock' && areApart(taken.tables, next.tables);
}

function areApart(some: readonly string[], others: readonly string[]): boolean {
  return some.length > 0 && others.length > 0 && !some.some((table) => others.includes(table));
}

function ends({ kind }: Step): boolean {
  return kind === 'commit' || kind === 'rollback';
}

/** What a statement does; outside a transaction a statement that writes is its own commit. */
export function kindOfSql(sql: string, isInTransaction: boolean): StepKind {
  const text = plain(sql);
  if (/^(begin|start transaction)\b/.test(text)) return 'begin';
  if (/^(commit|end)\b/.test(text)) return 'commit';
  if (/^rollback\b(?! to)/.test(text)) return 'rollback';
  if (/\bnextval\(/.test(text)) return 'ids';
  const isRead = /^select\b/.test(text) && !/\b(setval|pg_(try_)?advisory\w+)\(/.test(text);
  if (isRead && !/\bfor (no key update|update|share|key share)\b/.test(text)) return 'read';
  if (!isInTransaction) return 'commit';
  return isRead ? 'lock' : 'write';
}

/** How many tables a name lists. */
const TABLES_MAX = 3;

/** A statement in a few words: `lock stocks`, `insert orders, order_items; update stocks`. */
export function nameOfSql(sql: string): string {
  const text = plain(sql);
  if (/^(begin|start transaction|commit|rollback)\b/.test(text)) return text.toUpperCase();
  if (text.includes('nextval(')) return 'take ids';
  const writes = [...text.matchAll(/\b(insert) into (\w+)|\b(update) (\w+) (?:as \w+ )?set\b|\b(delete) from (\w+)/g)];
  if (writes.length > 0) {
    const tables = Map.groupBy(writes, ([, insert, , update, , deletion]) => insert ?? update ?? deletion ?? '');
    return [...tables]
      .map(([verb, all]) => `${verb} ${listed(all.map((write) => write[2] ?? write[4] ?? write[6] ?? ''))}`)
      .join('; ');
  }
  const tables = tablesOfSql(sql);
  const verb = /\bfor (no key update|update|share|key share)\b/.test(text) ? 'lock' : 'read';
  return tables.length > 0 ? `${verb} ${listed(tables)}` : text.slice(0, 40);
}

/** The tables that a statement reads from. */
export function tablesOfSql(sql: string): string[] {
  return [...plain(sql).matchAll(/\b(?:from|join) (\w+)\b(?!\s*\()/g)].map(([, table = '']) => table);
}

function listed(tables: readonly string[]): string {
  const all = [...new Set(tables)];
  const more = all.length - TABLES_MAX;
  return all.slice(0, TABLES_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function plain(sql: string): string {
  return sql
    .replace(/\/\*.*?\*\//gs, ' ')
    .replaceAll('"', '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}
