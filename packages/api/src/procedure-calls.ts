import { type AnyTRPCRouter, callTRPCProcedure, TRPCError, type TRPCProcedureType } from '@trpc/server';
import { z } from 'zod';
import { answerCheckOf, type CheckedAnswer } from './answer-shape.ts';
import type { Context } from './context.ts';
import { CHAINS, refusedAs } from './procedures.ts';
import type { ProcedureMeta } from './reasons.ts';
import { appRouter } from './router.ts';

/** A call of a procedure. */
export interface ProcedureCall {
  readonly path: string;
  readonly type: TRPCProcedureType;
  readonly ctx: Context;
  /** What the caller sends; asked for once it is known that they may call. */
  readonly rawInput: () => unknown;
  readonly signal: AbortSignal | undefined;
  readonly batchIndex: number;
}

/** What a procedure is made of, as tRPC keeps it. */
interface Procedure {
  readonly _def: {
    readonly type: TRPCProcedureType;
    readonly meta?: ProcedureMeta;
    readonly inputs: readonly unknown[];
    readonly output?: unknown;
    readonly middlewares?: unknown;
    readonly resolver?: unknown;
  };
}

const router: AnyTRPCRouter = appRouter;
/** Every procedure, by its full name: the type of the router tells them as a tree, but they are kept flat. */
export const PROCEDURES: ReadonlyMap<string, Procedure> = new Map(Object.entries<Procedure>(router._def.procedures));

/**
 * Calls a procedure as tRPC does, with the same answers and errors. tRPC passes a call from middleware to middleware, each
 * of which copies what it is given; here the same functions stand one behind the other.
 */
export async function callProcedure(call: ProcedureCall): Promise<CheckedAnswer> {
  const direct = DIRECT.get(call.path);
  if (direct) return direct(call);
  const { path, type, ctx, rawInput, signal, batchIndex } = call;
  const getRawInput = async () => rawInput();
  const data: unknown = await callTRPCProcedure({ router, path, type, ctx, getRawInput, signal, batchIndex });
  return { data, dates: undefined };
}

type Direct = (call: ProcedureCall) => Promise<CheckedAnswer>;

const DIRECT: ReadonlyMap<string, Direct> = new Map(
  [...PROCEDURES].flatMap(([path, procedure]) => {
    const direct = directly(procedure);
    return direct ? [[path, direct]] : [];
  }),
);

/** The whole chain of a procedure in one function; `undefined` if anything is in it that is not known here. */
export function directly({ _def }: Procedure): Direct | undefined {
  const { type, meta, inputs, output, middlewares, resolver } = _def;
  const [input, ...otherInputs] = inputs;
  if (type === 'subscription' || typeof resolver !== 'function' || !Array.isArray(middlewares)) return undefined;
  if (!(output instanceof z.ZodType) || !(input === undefined || input instanceof z.ZodType)) return undefined;
  // Behind the steps that every procedure has come one for each input, one for the answer, and the resolver.
  const common = middlewares.slice(0, -(inputs.length + 2));
  const chain = CHAINS.find(
    ({ steps }) => steps.length === common.length && steps.every((step, index) => step === common[index]),
  );
  if (!chain || otherInputs.length > 0) return undefined;

  const check = answerCheckOf(output);
  return async (call) => {
    try {
      const ctx = chain.admit(call.ctx);
      const opts = { ctx, input: input && parse(input, call.rawInput()), type, path: call.path, signal: call.signal };
      return checked(check, await Reflect.apply(resolver, undefined, [opts]));
    } catch (cause) {
      throw refusedAs(cause, call.ctx, { path: call.path, type, meta });
    }
  };
}

function parse(input: z.ZodType, given: unknown): unknown {
  try {
    return input.parse(given);
  } catch (cause) {
    throw new TRPCError({ code: 'BAD_REQUEST', cause });
  }
}

function checked(check: (answer: unknown) => CheckedAnswer, answer: unknown): CheckedAnswer {
  try {
    return check(answer);
  } catch (cause) {
    throw new TRPCError({ message: 'Output validation failed', code: 'INTERNAL_SERVER_ERROR', cause });
  }
}
