import { createTestEngine } from '@baguni/testing';
import type { AnyTRPCProcedure, AnyTRPCRouter } from '@trpc/server';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { directly, PROCEDURES } from '../src/procedure-calls.ts';
import { adminProcedure, customerProcedure, ownerProcedure, publicProcedure, router } from '../src/procedures.ts';

function directlyIn(procedure: AnyTRPCProcedure): ReturnType<typeof directly> {
  const shop: AnyTRPCRouter = router({ procedure });
  return directly(shop._def.procedures.procedure);
}

test('every query and every mutation is called without the chain of tRPC', () => {
  const inChain = [...PROCEDURES].filter(([, procedure]) => !directly(procedure)).map(([, { _def }]) => _def.type);
  expect(new Set(inChain)).toEqual(new Set(['subscription']));
});

test('a procedure with a step that only tRPC knows is left to tRPC', () => {
  const answer = z.strictObject({});
  expect(directlyIn(publicProcedure.output(answer).query(() => ({})))).toBeDefined();
  const stepped = publicProcedure.use(({ next }) => next());
  expect(directlyIn(stepped.output(answer).query(() => ({})))).toBeUndefined();
  const stepsOnce = adminProcedure.use(({ next }) => next());
  expect(directlyIn(stepsOnce.output(answer).query(() => ({})))).toBeUndefined();
  expect(directlyIn(publicProcedure.query(() => ({})))).toBeUndefined();
  const asksTwice = publicProcedure.input(z.object({ id: z.int() })).input(z.object({ name: z.string() }));
  expect(directlyIn(asksTwice.output(answer).query(() => ({})))).toBeUndefined();
});

test('each kind of procedure lets in its own callers only', async () => {
  await using engine = await createTestEngine();
  const calls = { publicProcedure, customerProcedure, adminProcedure, ownerProcedure };
  const actors = [{ kind: 'public' }, { kind: 'customer', userId: 1 }, { kind: 'admin', apiKeyId: 1 }] as const;
  const letIn: string[] = [];
  for (const [name, procedure] of Object.entries(calls)) {
    const call = directlyIn(procedure.output(z.string()).query(() => 'in'));
    for (const actor of actors) {
      const ctx = { shop: engine.internals, actor, requestId: 'test' };
      const rest = { type: 'query', rawInput: () => undefined, signal: undefined, batchIndex: 0 } as const;
      const answer = await call?.({ path: name, ctx, ...rest }).catch((error: unknown) => String(error));
      if (typeof answer === 'object' && answer.data === 'in') letIn.push(`${name}: ${actor.kind}`);
    }
  }
  expect(letIn).toEqual([
    'publicProcedure: public',
    'publicProcedure: customer',
    'publicProcedure: admin',
    'customerProcedure: customer',
    'adminProcedure: admin',
    'ownerProcedure: customer',
    'ownerProcedure: admin',
  ]);
});
