import { createTestEngine, type TestEngine } from '@baguni/testing';
import { TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import { DomainError } from '../src/errors.ts';
import { customerProcedure, publicProcedure, router } from '../src/procedures.ts';

const refuse = () => {
  throw new DomainError('CART_EMPTY', 'There is nothing to order.', {});
};

const procedures = router({
  declared: publicProcedure.meta({ reasons: ['CART_EMPTY'] }).query(refuse),
  undeclared: publicProcedure.meta({ reasons: ['STOCK_LIMIT'] }).query(refuse),
  silent: publicProcedure.query(refuse),
  forCustomers: customerProcedure.query(() => 'for customers'),
});

const callerOn = (engine: TestEngine) =>
  procedures.createCaller({ shop: engine.internals, actor: { kind: 'admin', apiKeyId: 1 }, requestId: 'test' });

test('a reason that a procedure declares reaches the caller', async () => {
  await using engine = await createTestEngine();
  await expect(callerOn(engine).declared()).rejects.toThrow('There is nothing to order.');
});

test('in a test, a reason that a procedure does not declare is a failure of the engine', async () => {
  await using engine = await createTestEngine();
  for (const name of ['undeclared', 'silent'] as const) {
    const error = await callerOn(engine)
      [name]()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TRPCError);
    expect(error).toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
      message: `${name} refused a call with CART_EMPTY, which is not among the reasons in its meta.`,
    });
  }
});

test('what every call may be refused for need not be declared', async () => {
  await using engine = await createTestEngine();
  await expect(callerOn(engine).forCustomers()).rejects.toThrow('Only a customer may do this.');
});
