// JSON Schemas, which Fastify compiles: what comes in is checked by them, and what goes out is written by them.

export interface IdParams {
  readonly id: number;
}

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

export interface KeyHeaders {
  readonly 'idempotency-key': string;
}

const integer = { type: 'integer' } as const;
const text = { type: 'string' } as const;
const time = { type: 'string', format: 'date-time' } as const;
const id = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;

export const idParams = { type: 'object', properties: { id }, required: ['id'] } as const;

export const pageQuery = {
  type: 'object',
  properties: {
    limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
    cursor: { type: 'string', maxLength: 200 },
  },
  additionalProperties: false,
} as const;

export const keyHeaders = {
  type: 'object',
  properties: { 'idempotency-key': { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,255}$' } },
  required: ['idempotency-key'],
} as const;

export const orderLine = {
  type: 'object',
  properties: { productId: id, quantity: { type: 'integer', minimum: 1, maximum: 10_000 } },
  required: ['productId', 'quantity'],
  additionalProperties: false,
} as const;

export const orderBody = {
  type: 'object',
  properties: { items: { type: 'array', items: orderLine, minItems: 1, maxItems: 100 } },
  required: ['items'],
  additionalProperties: false,
} as const;

export const product = {
  type: 'object',
  properties: {
    id: integer,
    name: text,
    description: text,
    price: integer,
    quantity: integer,
    status: text,
    version: integer,
    createdAt: time,
    updatedAt: time,
  },
} as const;

export const pointEntry = {
  type: 'object',
  properties: {
    id: integer,
    userId: integer,
    type: text,
    amount: integer,
    balanceAfter: integer,
    orderId: { type: 'integer', nullable: true },
    reason: { type: 'string', nullable: true },
    createdAt: time,
  },
} as const;

export function page<Item>(item: Item) {
  return {
    type: 'object',
    properties: { items: { type: 'array', items: item }, nextCursor: { type: 'string', nullable: true } },
  } as const;
}
