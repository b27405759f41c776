import { readFileSync } from 'node:fs';
import { DomainError, type Reason, TREATMENTS } from '../errors.ts';
import type { Callers } from '../reasons.ts';
import type { JsonSchema } from '../surface.ts';
import { EXAMPLES } from './examples.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { PROBLEM_TYPE, toProblem } from './problem.ts';
import { inputOf, REPORT, reasonsOf, reported, sharedTypes, TYPES } from './report.ts';

const FEATURES: Readonly<Record<string, string>> = {
  users: 'Who shops.',
  points: 'Points in wallets, and every movement of them.',
  products: 'What is for sale, and how much of it is there.',
  coupons: 'Discounts that customers claim, first come, first served.',
  cart: 'What the caller means to buy.',
  orders: 'Purchases, from the quote to their end.',
  payments: 'Money for orders, through payment providers, and back.',
  events: 'What happens in the shop: as a list, as a stream, and sent to endpoints.',
  audit: 'Whether the books are right.',
};

const INTRODUCTION = `Everything the shop does, as plain JSON. The SDK calls the very same procedures.

- **Who calls** is told by \`Authorization: Bearer <token>\`: a customer's token, or an admin's key, which begins with \`bgn_\`.
- **Once means once**: a change that is sent again with the same \`Idempotency-Key\` is answered as before and not made again. Send one with every change, and the same one with every retry.
- **Lists** come in pages: \`limit\` items, and \`nextCursor\`, which is the \`cursor\` of the next page; the header \`Link\` leads there, too.
- **Refusals** are \`application/problem+json\` (RFC 9457). Programs go by \`reason\`, which is one of a closed list; \`details\` go with it. \`retryable\` says whether the same call, with the same key, may succeed later.
- **Times** are ISO 8601. **Amounts** are whole numbers of the smallest unit of the shop's currency.
- **Every answer** has the header \`x-request-id\`, which finds it in the server's log.`;

let text: string | undefined;

/** The description of the API (OpenAPI 3.1) as JSON. Made when it is first asked for. */
export function openApiText(): string {
  text ??= JSON.stringify(openApiDocument(), toComponents);
  return text;
}

/** Where the report refers to one of its types, the document refers to one of its components. */
function toComponents(key: string, value: unknown): unknown {
  const isType = key === '$ref' && typeof value === 'string' && value.startsWith(TYPES);
  return isType ? `#/components/schemas/${titleOf(value.slice(TYPES.length))}` : value;
}

/** The name that the reference gives to a type: `OrderView` is an Order there. */
function titleOf(name: string): string {
  return name.replace(/View$/, '');
}

function openApiDocument() {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Baguni',
      version: versionOfPackage(),
      description: INTRODUCTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This server' }],
    tags: Object.entries(FEATURES).map(([name, description]) => ({ name, description })),
    paths: Object.fromEntries(
      [...Map.groupBy(OPERATIONS, ({ path }) => path)].map(([path, operations]) => [
        path,
        Object.fromEntries(operations.map((each) => [each.method.toLowerCase(), describe(each)])),
      ]),
    ),
    components: {
      schemas: {
        ...Object.fromEntries(sharedTypes().map(([name, schema]) => [titleOf(name), schema])),
        Problem: problemSchema(),
      },
      securitySchemes: {
        customerToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: "A customer's token, signed by the shop's own login: its subject is the user.",
        },
        adminKey: { type: 'http', scheme: 'bearer', description: "An admin's API key; it begins with `bgn_`." },
      },
      headers: {
        RequestId: { description: "Finds the request in the server's log.", schema: { type: 'string' } },
        NextPage: {
          description: 'Where the next page is, if there is one: `</api/…?cursor=…>; rel="next"`.',
          schema: { type: 'string' },
        },
        RetryAfter: { description: 'After how many seconds to try again.', schema: { type: 'integer' } },
      },
    },
  };
}

function describe(operation: Operation) {
  const { callers, description } = reported(operation.id);
  const body = bodyOf(operation);
  return {
    operationId: operation.id,
    tags: [operation.feature],
    summary: description.split(/(?<=[.:;]) /, 1)[0]?.replace(/[.:;]$/, ''),
    description,
    security: securityOf(callers),
    parameters: parametersOf(operation),
    ...(body && { requestBody: body }),
    responses: { 200: answerOf(operation), ...refusalsOf(operation) },
  };
}

function securityOf(callers: Callers): Record<string, string[]>[] {
  const customer = { customerToken: [] };
  const admin = { adminKey: [] };
  return { public: [{}, customer, admin], customer: [customer], admin: [admin], owner: [customer, admin] }[callers];
}

function parametersOf(operation: Operation) {
  const { id, pathFields, method, type } = operation;
  const { properties = {}, required = [] } = inputOf(id);
  const fields = Object.entries(properties).filter(([name]) => name !== 'idempotencyKey');
  const parameters = fields.map(([name, { description, ...of }]) => {
    const isInPath = pathFields.includes(name);
    return {
      name: name === 'lastEventId' ? 'Last-Event-ID' : name,
      in: isInPath ? 'path' : name === 'lastEventId' ? 'header' : 'query',
      required: isInPath || required.includes(name),
      ...(description !== undefined && { description }),
      schema: of,
    };
  });
  const isInBody = method !== 'GET' && method !== 'DELETE';
  return [
    ...parameters.filter((parameter) => !isInBody || parameter.in !== 'query'),
    ...(type === 'mutation' ? [idempotencyKeyOf(properties.idempotencyKey)] : []),
  ];
}

function idempotencyKeyOf({ description, ...of }: JsonSchema = {}) {
  return {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'Makes the call count once: the same key again gives the same answer and changes nothing more.',
    schema: of,
  };
}

function bodyOf(operation: Operation) {
  const { method, pathFields, id } = operation;
  if (method === 'GET' || method === 'DELETE') return undefined;
  const schema = inputOf(id);
  const isElsewhere = (name: string) => name === 'idempotencyKey' || pathFields.includes(name);
  const properties = Object.entries(schema.properties ?? {}).filter(([name]) => !isElsewhere(name));
  if (properties.length === 0) return undefined;
  const required = schema.required?.filter((name) => !isElsewhere(name)) ?? [];
  const { required: _, ...rest } = schema;
  const example = EXAMPLES[id];
  return {
    required: required.length > 0,
    content: {
      'application/json': {
        schema: { ...rest, properties: Object.fromEntries(properties), ...(required.length > 0 && { required }) },
        ...(example && { example }),
      },
    },
  };
}

function answerOf({ id }: Operation) {
  const { kind, output } = reported(id);
  const headers = { 'x-request-id': { $ref: '#/components/headers/RequestId' } };
  if (kind === 'stream') {
    const description =
      'Server-sent events. The data of each is an Event as JSON; its id is where to go on after a break.';
    return { description, headers, content: { 'text/event-stream': { schema: { type: 'string' } } } };
  }
  const isPage = kind === 'list';
  return {
    description: isPage ? 'A page of the list.' : 'Done.',
    headers: { ...headers, ...(isPage && { link: { $ref: '#/components/headers/NextPage' } }) },
    content: { 'application/json': { schema: output } },
  };
}

function refusalsOf({ id, method }: Operation) {
  const hasBody = method !== 'GET' && method !== 'DELETE';
  const reasons = reasonsOf(id).filter((reason) => !OF_NO_OPERATION.has(reason) && (hasBody || !OF_BODIES.has(reason)));
  const byStatus = Map.groupBy(reasons, (reason) => REPORT.reasons[reason]?.httpStatus ?? 500);
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, each]) => [status, refusalOf(status, each)]),
  );
}

// Whoever has found the path and its method cannot be told that there is none.
const OF_NO_OPERATION: ReadonlySet<string> = new Set<Reason>(['PROCEDURE_NOT_FOUND', 'METHOD_NOT_SUPPORTED']);
const OF_BODIES: ReadonlySet<string> = new Set<Reason>(['MEDIA_TYPE_NOT_SUPPORTED', 'REQUEST_TOO_LARGE']);

function refusalOf(status: number, reasons: readonly string[]) {
  return {
    description: reasons.map((reason) => `- \`${reason}\`: ${REPORT.reasons[reason]?.description}`).join('\n'),
    headers: {
      'x-request-id': { $ref: '#/components/headers/RequestId' },
      ...(status === 503 && { 'retry-after': { $ref: '#/components/headers/RetryAfter' } }),
    },
    content: {
      [PROBLEM_TYPE]: {
        schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { reason: { enum: reasons } } }] },
      },
    },
  };
}

function problemSchema() {
  const example = toProblem(
    new DomainError('STOCK_INSUFFICIENT', 'Needs 5 pieces of product 1, has 2.', {
      productId: 1,
      requested: 5,
      available: 2,
    }),
    '7b1c2f7e-8a0d-4c3e-9a57-0f2d9f6f5b11',
  );
  return {
    description: 'Why a call was refused (RFC 9457). A refused call has changed nothing.',
    type: 'object',
    properties: {
      type: { type: 'string', format: 'uri', description: 'The reason as a URI.' },
      title: { type: 'string', description: 'The reason, for people.' },
      status: { type: 'integer', description: 'The HTTP status.' },
      detail: { type: 'string', description: 'A sentence for a person, with the values.' },
      reason: {
        type: 'string',
        enum: Object.keys(TREATMENTS),
        description: 'The reason, for programs. The list is closed.',
      },
      details: { type: 'object', description: 'The values that go with the reason.' },
      retryable: {
        type: 'boolean',
        description: 'Whether the same call, with the same idempotency key, may succeed later.',
      },
      requestId: { type: 'string', description: "Finds the request in the server's log." },
    },
    required: ['type', 'title', 'status', 'detail', 'reason', 'details', 'retryable', 'requestId'],
    examples: [example],
  };
}

function versionOfPackage(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(version);
}
