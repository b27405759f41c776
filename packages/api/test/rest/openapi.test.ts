import { createTestEngine } from '@baguni/testing';
import { CALLERS } from '@baguni/testing/contract';
import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, test } from 'vitest';
import { TREATMENTS } from '../../src/errors.ts';
import { appRouter } from '../../src/index.ts';
import { OPERATIONS } from '../../src/rest/operations.ts';
import { sharedTypes } from '../../src/rest/report.ts';
import { DescribedApi } from './described.ts';

let text: string;
let api: DescribedApi;

beforeAll(async () => {
  await using engine = await createTestEngine();
  text = await (await engine.fetch('http://engine.test/openapi.json')).text();
  api = new DescribedApi(text);
});

test('the description is a valid OpenAPI 3.1 document, whose references all lead somewhere', async () => {
  const validator = new Validator();
  expect(await validator.validate(JSON.parse(text))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
  const references = [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
  expect(references.length).toBeGreaterThan(100);
  for (const [, kind = '', name = ''] of references) {
    expect(api.document.components, `${kind}/${name}`).toHaveProperty([kind, name]);
  }
});

test('every procedure has a place, and no two have the same', () => {
  expect([...api.operations.keys()].sort()).toEqual(Object.keys(appRouter._def.procedures).sort());
  const places = OPERATIONS.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`);
  expect(new Set(places).size).toBe(places.length);
});

test('no two shapes have the same name', () => {
  // The one besides is the Problem.
  expect(Object.keys(api.document.components.schemas)).toHaveLength(sharedTypes().length + 1);
});

test('each field of a path is a field that the procedure needs', () => {
  for (const { id, pathFields } of OPERATIONS) {
    const parameters = api.operation(id).parameters.filter((parameter) => parameter.in === 'path');
    expect(parameters.map(({ name }) => name).sort(), id).toEqual([...pathFields].sort());
  }
});

test('who may call is what the contract says', () => {
  for (const [caller, { GET, POST }] of Object.entries(CALLERS)) {
    for (const id of [...GET, ...POST]) {
      const schemes = api.operation(id).security.map((scheme) => Object.keys(scheme).join() || 'nobody');
      const allowed = {
        public: ['nobody', 'customerToken', 'adminKey'],
        customer: ['customerToken'],
        admin: ['adminKey'],
        owner: ['customerToken', 'adminKey'],
      };
      expect(allowed, caller).toHaveProperty(caller, schemes);
    }
  }
});

test('the reasons are the closed list', () => {
  expect(api.document.components.schemas.Problem?.properties).toMatchObject({
    reason: { enum: Object.keys(TREATMENTS) },
  });
});

test('every mutation takes an idempotency key, and as a header only', () => {
  for (const { id, type } of OPERATIONS) {
    const { parameters, requestBody } = api.operation(id);
    expect(
      parameters.some(({ name }) => name === 'Idempotency-Key'),
      id,
    ).toBe(type === 'mutation');
    expect(requestBody?.content['application/json'].schema.properties ?? {}, id).not.toHaveProperty('idempotencyKey');
  }
});

describe('for a person who reads', () => {
  test('every operation says what it does in a sentence', () => {
    for (const { operationId, summary, description } of api.operations.values()) {
      expect(summary, operationId).toMatch(/^[A-Z][^.]{3,}[^.]$/);
      expect(description, operationId).toContain(summary);
    }
  });

  test('each body to begin with is one that the procedure takes', () => {
    for (const { id, input, pathFields } of OPERATIONS) {
      const example = api.operation(id).requestBody?.content['application/json'].example;
      const ids = Object.fromEntries(pathFields.map((field) => [field, 1]));
      if (example) expect(input?.safeParse({ ...example, ...ids }), id).toMatchObject({ success: true });
    }
  });

  test('each body that needs something comes with one to begin with', () => {
    for (const { operationId, requestBody } of api.operations.values()) {
      if (requestBody?.required) expect(requestBody.content['application/json'], operationId).toHaveProperty('example');
    }
  });
});
