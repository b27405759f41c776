import { readFileSync } from 'node:fs';
import { DomainError, type Reason } from '../errors.ts';
import { toErrorShape } from '../procedures.ts';
import { COMMENTS } from './comments.ts';
import { EXAMPLES } from './examples.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { PROBLEM_TYPE, toProblem } from './problem.ts';
import { REASONS, reasonsOf } from './reasons.ts';
import { inputSchemaOf, type JsonSchema, outputSchemas, propertiesOf } from './schemas.ts';
import { nameOf, VIEWS } from './shapes.ts';

/** What the comments in the source say to a caller. */
export interface Comments {
  /** By the procedure: what it does, and why it may be refused. */
  readonly procedures: Readonly<Record<string, string>>;
  /** By the shape, then by the field; '' stands for the shape itself. */
  readonly fields: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By the reason: what has happened, and what to do. */
  readonly reasons: Readonly<Record<string, string>>;
}

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
  text ??= JSON.stringify(openApiDocument());
  return text;
}

function openApiDocument() {
  const schemas = answerSchemas();
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
        Object.fromEntries(operations.map((each) => [each.method.toLowerCase(), describe(each, schemas)])),
      ]),
    ),
    components: {
      schemas: {
        ...Object.fromEntries([...VIEWS.keys()].sort().map((name) => [name, schemas[name]])),
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

function describe(operation: Operation, schemas: Record<string, JsonSchema>) {
  const comment = COMMENTS.procedures[operation.id] ?? '';
  const body = bodyOf(operation);
  return {
    operationId: operation.id,
    tags: [operation.feature],
    summary: comment.split(/(?<=[.:;]) /, 1)[0]?.replace(/[.:;]$/, ''),
    description: comment,
    security: securityOf(operation),
    parameters: parametersOf(operation),
    ...(body && { requestBody: body }),
    responses: { 200: answerOf(operation, schemas), ...refusalsOf(operation) },
  };
}

function securityOf({ callers }: Operation): Record<string, string[]>[] {
  const customer = { customerToken: [] };
  const admin = { adminKey: [] };
  return { public: [{}, customer, admin], customer: [customer], admin: [admin], owner: [customer, admin] }[callers];
}

function parametersOf(operation: Operation) {
  const { input, pathFields, method, type } = operation;
  const schema = described(inputSchemaOf(operation), commentsOn(input));
  const fields = Object.entries(propertiesOf(schema)).filter(([name]) => name !== 'idempotencyKey');
  const parameters = fields.map(([name, { description, ...of }]) => {
    const isInPath = pathFields.includes(name);
    return {
      name: name === 'lastEventId' ? 'Last-Event-ID' : name,
      in: isInPath ? 'path' : name === 'lastEventId' ? 'header' : 'query',
      required: isInPath || (schema.required?.includes(name) ?? false),
      ...(description !== undefined && { description }),
      schema: of,
    };
  });
  const isInBody = method !== 'GET' && method !== 'DELETE';
  return [
    ...parameters.filter((parameter) => !isInBody || parameter.in !== 'query'),
    ...(type === 'mutation' ? [idempotencyKeyOf(schema)] : []),
  ];
}

function idempotencyKeyOf(schema: JsonSchema) {
  const { description, ...of } = propertiesOf(schema).idempotencyKey ?? {};
  return {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'Makes the call count once: the same key again gives the same answer and changes nothing more.',
    schema: of,
  };
}

function bodyOf(operation: Operation) {
  const { method, pathFields, input, id } = operation;
  if (method === 'GET' || method === 'DELETE') return undefined;
  const schema = described(inputSchemaOf(operation), commentsOn(input));
  const isElsewhere = (name: string) => name === 'idempotencyKey' || pathFields.includes(name);
  const properties = Object.entries(propertiesOf(schema)).filter(([name]) => !isElsewhere(name));
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

function answerOf(operation: Operation, schemas: Record<string, JsonSchema>) {
  const headers = { 'x-request-id': { $ref: '#/components/headers/RequestId' } };
  if (operation.type === 'subscription') {
    const description =
      'Server-sent events. The data of each is an Event as JSON; its id is where to go on after a break.';
    return { description, headers, content: { 'text/event-stream': { schema: { type: 'string' } } } };
  }
  const schema = schemas[operation.id] ?? {};
  const isPage = 'nextCursor' in propertiesOf(schema);
  return {
    description: isPage ? 'A page of the list.' : 'Done.',
    headers: { ...headers, ...(isPage && { link: { $ref: '#/components/headers/NextPage' } }) },
    content: { 'application/json': { schema } },
  };
}

function refusalsOf(operation: Operation) {
  const byStatus = Map.groupBy(reasonsOf(operation), statusOf);
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, reasons]) => [status, refusalOf(status, reasons)]),
  );
}

function refusalOf(status: number, reasons: readonly Reason[]) {
  return {
    description: reasons.map((reason) => `- \`${reason}\`: ${COMMENTS.reasons[reason]}`).join('\n'),
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

function statusOf(reason: Reason): number {
  return toErrorShape(new DomainError<Reason>(reason, '', {}), '').data.httpStatus;
}

/** What each operation answers with, by the operation, and the views that it refers to, by their names. */
function answerSchemas(): Record<string, JsonSchema> {
  const titles = new Map([...VIEWS].map(([title, { shape }]) => [shape, title]));
  const others = OPERATIONS.flatMap(({ id, output }) => (output && !titles.has(output) ? [[id, output] as const] : []));
  const views = [...VIEWS].map(([title, { shape }]) => [title, shape] as const);
  const schemas = outputSchemas(Object.fromEntries([...views, ...others]));
  const viewSchemas = views.map(([title, shape]) => [title, described(schemas[title] ?? {}, commentsOn(shape))]);
  const answers = OPERATIONS.map(({ id, output }) => {
    const title = output && titles.get(output);
    return [id, title === undefined ? described(schemas[id] ?? {}, PAGE) : { $ref: `#/components/schemas/${title}` }];
  });
  return Object.fromEntries([...viewSchemas, ...answers]);
}

const PAGE = { nextCursor: 'Where the next page begins; `null` on the last page.' };

function commentsOn(shape: Parameters<typeof nameOf>[0]): Readonly<Record<string, string>> {
  return COMMENTS.fields[nameOf(shape) ?? ''] ?? {};
}

/** A schema with what the comments say of it and of its fields. */
function described(schema: JsonSchema, comments: Readonly<Record<string, string>>, path = ''): JsonSchema {
  const comment = comments[path];
  const inside = (part: JsonSchema) => described(part, comments, path);
  const prefix = path === '' ? '' : `${path}.`;
  const { properties, items, anyOf, oneOf } = schema;
  return {
    ...schema,
    ...(comment !== undefined && { description: comment }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(propertiesOf(schema)).map(([name, of]) => [name, described(of, comments, prefix + name)]),
      ),
    }),
    ...(items instanceof Object && !Array.isArray(items) && { items: withoutComment(inside(items)) }),
    ...(anyOf && { anyOf: anyOf.map((each) => withoutComment(inside(each))) }),
    ...(oneOf && { oneOf: oneOf.map((each) => withoutComment(inside(each))) }),
  };
}

// What is said of a list is said once, and not of each item again.
function withoutComment({ description, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

function problemSchema(): JsonSchema {
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
      reason: { type: 'string', enum: REASONS, description: 'The reason, for programs. The list is closed.' },
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
