import { readFileSync } from 'node:fs';
import type { JsonSchema, ProcedureSurface, Surface } from '../surface.ts';

/** The report of the API that lies beside `src` and `dist`. A test keeps it true to the source. */
export const REPORT: Surface = JSON.parse(readFileSync(new URL('../../surface/current.json', import.meta.url), 'utf8'));

/** What the report says of a procedure. */
export function reported(id: string): ProcedureSurface {
  const procedure = REPORT.procedures[id];
  if (!procedure) throw new Error(`The report of the API does not know ${id} yet: run \`pnpm api-report\`.`);
  return procedure;
}

/** What a procedure takes, written out. */
export function inputOf(id: string): JsonSchema {
  const { input } = reported(id);
  const name = input?.$ref?.replace(TYPES, '');
  return (name === undefined ? input : REPORT.types[name]) ?? {};
}

/** Every named shape but those that are the whole input of a procedure: these are written out where they are sent. */
export function sharedTypes(): [name: string, schema: JsonSchema][] {
  const inputs = new Set(Object.values(REPORT.procedures).map(({ input }) => input?.$ref));
  return Object.entries(REPORT.types).filter(([name]) => !inputs.has(TYPES + name));
}

/** Every reason for which a procedure may refuse a call that has found it. */
export function reasonsOf(id: string): string[] {
  const { kind, callers, reasons } = reported(id);
  const { everyCall, everyCallOfSomebody, everyMutation } = REPORT.commonReasons;
  const common = [...everyCall, ...(callers === 'public' ? [] : everyCallOfSomebody)];
  return [...new Set([...common, ...(kind === 'mutation' ? everyMutation : []), ...reasons])];
}

/** What a reference to a named shape begins with. */
export const TYPES = '#/types/';
