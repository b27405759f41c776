import { DomainError } from '../errors.ts';
import type { JsonSchema } from '../surface.ts';
import type { Match } from './match.ts';
import type { Operation } from './operations.ts';
import { fieldsOf } from './schemas.ts';

/** What a request says to the operation that it is for. */
export interface Given {
  readonly query: URLSearchParams;
  readonly body: string | undefined;
  readonly header: (name: string) => string | null | undefined;
}

/** The input of a procedure, put together from path, query, body and headers. The procedure itself checks it. */
export function readInput({ operation, fields }: Match, given: Given): unknown {
  const schema = fieldsOf(operation);
  const isInQuery = operation.method === 'GET' || operation.method === 'DELETE';
  const named = isInQuery ? fromQuery(given.query, schema) : fromBody(given.body);
  if (isInQuery && given.body !== undefined) throw misplaced(['body'], 'Belongs in the query.');
  if (!isInQuery && given.query.size > 0) throw misplaced([...given.query.keys()], 'Belongs in the body.');
  assertInPlace(operation, named);
  const fromPath = Object.entries(fields).map(([name, text]) => [name, read(decode(name, text), schema[name])]);
  const input = { ...named, ...Object.fromEntries(fromPath), ...fromHeaders(operation, given) };
  // Whoever takes no input would not notice what is too much.
  if (!operation.input && Object.keys(input).length > 0) throw misplaced(Object.keys(input), 'Is not a known field.');
  return operation.input ? input : undefined;
}

function fromQuery(query: URLSearchParams, schema: Readonly<Record<string, JsonSchema>>): Record<string, unknown> {
  const entries = [...new Set(query.keys())].map((name) => {
    const texts = query.getAll(name);
    const of = schema[name];
    if (of?.type === 'array') return [name, texts.map((text) => read(text, of.items))];
    // A field that comes twice is left as it is, and refused for that.
    return [name, texts.length === 1 ? read(texts[0] ?? '', of) : texts];
  });
  return Object.fromEntries(entries);
}

/** Text as the value that the schema asks for. What is none of those stays text, which the procedure then refuses. */
function read(text: string, schema: JsonSchema | undefined): unknown {
  switch (schema?.type) {
    case 'integer':
    case 'number':
      return /^-?(0|[1-9]\d*)$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    default:
      return text;
  }
}

function fromBody(body: string | undefined): Record<string, unknown> {
  if (!body) return {};
  const value = parse(body);
  if (value instanceof Object && !Array.isArray(value)) return { ...value };
  throw new DomainError('INPUT_INVALID', 'The body must be a JSON object.', { issues: [] });
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new DomainError('INPUT_INVALID', 'The body is not JSON.', { issues: [] });
  }
}

function fromHeaders({ type }: Operation, { header }: Given): Record<string, string> {
  const idempotencyKey = type === 'mutation' ? header('idempotency-key') : undefined;
  const lastEventId = type === 'subscription' ? header('last-event-id') : undefined;
  return { ...(idempotencyKey != null && { idempotencyKey }), ...(lastEventId != null && { lastEventId }) };
}

// Each field has one place, so that no two can disagree.
function assertInPlace({ type, pathFields }: Operation, named: Record<string, unknown>): void {
  const inPath = pathFields.filter((field) => field in named);
  if (inPath.length > 0) throw misplaced(inPath, 'Is named by the path.');
  if (type === 'mutation' && 'idempotencyKey' in named) {
    throw misplaced(['idempotencyKey'], 'Is sent as the header Idempotency-Key.');
  }
}

function decode(field: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw misplaced([field], 'Cannot be read.');
  }
}

function misplaced(fields: readonly string[], message: string): DomainError {
  const issues = fields.slice(0, FIELDS_MAX).map((path) => ({ path, message }));
  return new DomainError('INPUT_INVALID', `${fields[0]}: ${message}`, { issues });
}

/** How many wrong fields one answer names. */
const FIELDS_MAX = 20;
