import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';

const parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean(),
  schema: z.looseObject({}),
});

const response = z.object({
  description: z.string(),
  content: z.record(z.string(), z.object({ schema: z.looseObject({}) })),
});

const operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  description: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(parameter),
  requestBody: z
    .object({
      required: z.boolean(),
      content: z.object({
        'application/json': z.object({
          schema: z.looseObject({ properties: z.record(z.string(), z.unknown()) }),
          example: z.record(z.string(), z.unknown()).optional(),
        }),
      }),
    })
    .optional(),
  responses: z.record(z.string(), response),
});

const description = z.looseObject({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.looseObject({ properties: z.unknown().optional() })) }),
});

export type DescribedOperation = z.infer<typeof operation> & { readonly method: string; readonly path: string };

/** An API as its description tells of it, for callers who know nothing else. */
export class DescribedApi {
  readonly document: z.infer<typeof description>;
  readonly operations: ReadonlyMap<string, DescribedOperation>;
  readonly #ajv: Ajv2020;

  constructor(text: string) {
    this.document = description.parse(JSON.parse(text));
    const operations = Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, each]) => ({ ...each, method: method.toUpperCase(), path })),
    );
    this.operations = new Map(operations.map((each) => [each.operationId, each]));
    this.#ajv = new Ajv2020({ strict: false });
    addFormats.default(this.#ajv);
  }

  /** The request with which a stranger would call the operation. */
  request(id: string, input: Record<string, unknown>, token?: string): { path: string; init: RequestInit } {
    const { method, path, parameters } = this.operation(id);
    const headers = new Headers(token === undefined ? {} : { authorization: `Bearer ${token}` });
    const query = new URLSearchParams();
    const rest = { ...input };
    let place = path;
    for (const { name, in: where } of parameters) {
      const field = name === 'Idempotency-Key' ? 'idempotencyKey' : name;
      const values = rest[field] === undefined ? [] : [rest[field]].flat();
      delete rest[field];
      for (const value of values) {
        if (where === 'path') place = place.replace(`{${name}}`, encodeURIComponent(String(value)));
        if (where === 'header') headers.set(name, String(value));
        if (where === 'query') query.append(name, String(value));
      }
    }
    const isInBody = method !== 'GET' && method !== 'DELETE';
    const isEmpty = Object.keys(rest).length === 0;
    if (!isInBody) for (const [name, value] of Object.entries(rest)) query.append(name, String(value));
    if (isInBody && !isEmpty) headers.set('content-type', 'application/json');
    return {
      path: query.size > 0 ? `${place}?${query}` : place,
      init: { method, headers, ...(isInBody && !isEmpty && { body: JSON.stringify(rest) }) },
    };
  }

  operation(id: string): DescribedOperation {
    const found = this.operations.get(id);
    if (!found) throw new Error(`The description has no operation ${id}.`);
    return found;
  }

  /** What of an answer is not as it is described; nothing if all is. */
  differences(id: string, status: number, body: unknown): string[] {
    const { responses } = this.operation(id);
    const described = responses[String(status)];
    if (!described) return [`The status ${status} is not described.`];
    // The schemas refer to the document's components, so these come along.
    const [content] = Object.values(described.content);
    const validate = this.#ajv.compile({ ...content?.schema, components: this.document.components });
    return validate(body) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  }
}
