import { OPERATIONS, type Operation } from './operations.ts';

/** The operation that a request is for, with the fields that its path names, as they stand there. */
export interface Match {
  readonly operation: Operation;
  readonly fields: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly operation: Operation;
  readonly segments: readonly string[];
}

// A word before a field: `/users/me` is not the user called "me".
const PATTERNS: readonly Pattern[] = OPERATIONS.map((operation) => ({
  operation,
  segments: operation.path.split('/'),
})).sort((a, b) => a.operation.pathFields.length - b.operation.pathFields.length);

/** Everything that lives at a path, by method; nothing if there is no such path. */
export function findOperations(path: string): ReadonlyMap<string, Match> {
  const segments = path.split('/');
  const matches = new Map<string, Match>();
  for (const { operation, segments: pattern } of PATTERNS) {
    const fields = matches.has(operation.method) ? undefined : fieldsOf(pattern, segments);
    if (fields) matches.set(operation.method, { operation, fields });
  }
  return matches;
}

function fieldsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const fields: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    const field = /^\{(\w+)\}$/.exec(part)?.[1];
    if (field === undefined && part !== segment) return undefined;
    if (field !== undefined && segment === '') return undefined;
    if (field !== undefined) fields[field] = segment;
  }
  return fields;
}
