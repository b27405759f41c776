import type { AnyTRPCProcedure, AnyTRPCRouter, TRPCProcedureType } from '@trpc/server';
import { z } from 'zod';
import { appRouter } from '../router.ts';
import { REST_PATH, ROUTES } from './routes.ts';

/** A procedure and its place in the REST API. */
export interface Operation {
  /** The procedure's own path: `orders.place`. */
  readonly id: string;
  readonly feature: string;
  readonly type: TRPCProcedureType;
  readonly method: string;
  /** The whole path, with its fields in braces: `/api/orders/{orderId}`. */
  readonly path: string;
  /** The fields that the path names. */
  readonly pathFields: readonly string[];
  /** Whether it changes many rows, and so takes a larger body than others. */
  readonly isBulk: boolean;
  readonly input: z.ZodType | undefined;
}

const router: AnyTRPCRouter = appRouter;
// Its type tells them as a tree; they are kept flat, by their full names.
const procedures: Record<string, AnyTRPCProcedure> = router._def.procedures;

const BULK = new Set(['products.createMany', 'products.adjustStocks']);

/** Every procedure that has a route: all of them. */
export const OPERATIONS: readonly Operation[] = Object.entries(ROUTES).flatMap(([feature, routes]) =>
  Object.entries(routes).map(([name, route]) => operationOf(feature, name, route)),
);

function operationOf(feature: string, name: string, route: string): Operation {
  const id = `${feature}.${name}`;
  const procedure = procedures[id];
  if (!procedure) throw new Error(`There is a route for ${id}, but no procedure.`);
  const [method = '', place = ''] = route.split(' ');
  const { type, inputs }: AnyTRPCProcedure['_def'] = procedure._def;
  return {
    id,
    feature,
    type,
    method,
    path: REST_PATH + place,
    pathFields: [...place.matchAll(/\{(\w+)\}/g)].map(([, field = '']) => field),
    isBulk: BULK.has(id),
    input: inputs[0] instanceof z.ZodType ? inputs[0] : undefined,
  };
}
