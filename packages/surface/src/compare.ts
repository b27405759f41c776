import type { ProcedureSurface, ReasonSurface, Surface } from '@baguni/api';
import { breaksOf } from './schema-breaks.ts';

/** A difference between two surfaces. */
export interface Change {
  /** Where it is, such as `orders.place input.points`. */
  readonly where: string;
  readonly what: string;
  /** Whether a caller who was right before can be wrong now. */
  readonly breaking: boolean;
}

/**
 * What changed since the release, the breaking changes first. To remove, to ask for more and to answer more loosely breaks
 * callers; to add does not: they skip fields and reasons that they do not know.
 */
export function compareSurfaces(released: Surface, current: Surface): Change[] {
  const procedures = compareRecords(released.procedures, current.procedures, (path, before, after) =>
    compareProcedures(path, { before, after, released, current }),
  );
  const common = compareRecords(released.commonReasons, current.commonReasons, (where, before, after) =>
    compareReasonLists(where, before, after),
  );
  const reasons = compareRecords(released.reasons, current.reasons, compareReasons);
  const entries = compareRecords(released.exports, current.exports, (entry, before, after) =>
    compareRecords(
      before,
      after,
      (name, was, is) => (was === is ? [] : [breaking(name, `was a ${was}, is a ${is}`)]),
      entry,
    ),
  );
  const changes = [...procedures, ...common, ...reasons, ...entries];
  return [...changes.filter((change) => change.breaking), ...changes.filter((change) => !change.breaking)];
}

interface ProcedurePair {
  readonly before: ProcedureSurface;
  readonly after: ProcedureSurface;
  readonly released: Surface;
  readonly current: Surface;
}

function compareProcedures(path: string, { before, after, released, current }: ProcedurePair): Change[] {
  const changes: Change[] = [];
  if (before.kind !== after.kind) changes.push(breaking(path, `was a ${before.kind}, is a ${after.kind}`));
  changes.push(...compareCallers(path, before.callers, after.callers));
  changes.push(...compareReasonLists(path, before.reasons, after.reasons));
  if (before.inputOptional && !after.inputOptional)
    changes.push(breaking(`${path} input`, 'can no longer be left out'));
  const pairs = [
    { where: `${path} input`, direction: 'input', was: before.input ?? {}, is: after.input ?? {} },
    { where: `${path} output`, direction: 'output', was: before.output, is: after.output },
  ] as const;
  for (const { where, direction, was, is } of pairs) {
    if (direction === 'input' && before.input === null) continue;
    if (direction === 'input' && after.input === null) {
      changes.push(breaking(where, 'is no longer taken'));
      continue;
    }
    const breaks = breaksOf(
      { schema: was, types: released.types },
      { schema: is, types: current.types },
      { direction, where },
    );
    changes.push(...breaks.map((each) => breaking(each.where, each.what)));
  }
  return changes;
}

const ACTORS: Readonly<Record<string, readonly string[]>> = {
  public: ['public', 'customer', 'admin'],
  owner: ['customer', 'admin'],
  customer: ['customer'],
  admin: ['admin'],
};

function compareCallers(path: string, before: string, after: string): Change[] {
  if (before === after) return [];
  const allowed = new Set(ACTORS[after]);
  const isNarrower = (ACTORS[before] ?? []).some((actor) => !allowed.has(actor));
  return [{ where: path, what: `was for ${before}, is for ${after}`, breaking: isNarrower }];
}

function compareReasonLists(where: string, before: readonly string[], after: readonly string[]): Change[] {
  return [
    ...before.filter((reason) => !after.includes(reason)).map((reason) => breaking(where, `no longer says ${reason}`)),
    ...after.filter((reason) => !before.includes(reason)).map((reason) => harmless(where, `also says ${reason}`)),
  ];
}

function compareReasons(reason: string, before: ReasonSurface, after: ReasonSurface): Change[] {
  const changes = compareRecords(
    before.details,
    after.details,
    (name, was, is) => (was === is ? [] : [breaking(name, `was ${was}, is ${is}`)]),
    `${reason} details`,
  );
  for (const key of ['httpStatus', 'retryable'] as const) {
    if (before[key] !== after[key]) changes.push(breaking(reason, `${key} was ${before[key]}, is ${after[key]}`));
  }
  return changes;
}

function compareRecords<Value>(
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
  compare: (name: string, was: Value, is: Value) => Change[],
  within?: string,
): Change[] {
  const named = (change: Change) => (within === undefined ? change : { ...change, where: `${within} ${change.where}` });
  const changes = Object.entries(before).flatMap(([name, was]) => {
    const is = after[name];
    return is === undefined ? [breaking(name, 'is gone')] : compare(name, was, is);
  });
  const added = Object.keys(after).filter((name) => before[name] === undefined);
  return [...changes, ...added.map((name) => harmless(name, 'is new'))].map(named);
}

function breaking(where: string, what: string): Change {
  return { where, what, breaking: true };
}

function harmless(where: string, what: string): Change {
  return { where, what, breaking: false };
}
