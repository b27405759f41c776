import {
  appRouter,
  eventView,
  type JsonSchema,
  type ProcedureKind,
  type ProcedureMeta,
  type ProcedureSurface,
  REASONS_OF_EVERY_CALL,
  REASONS_OF_EVERY_CALLER,
  REASONS_OF_EVERY_MUTATION,
  type ReasonSurface,
  type Surface,
  TREATMENTS,
} from '@baguni/api';
import { type AnyTRPCRouter, TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { z } from 'zod';
import { Source } from './comments.ts';
import { jsonSchemaOf } from './json-schema.ts';

/** The surface as the source says it now. */
export function describeSurface(sdkEntries: Readonly<Record<string, string>>): Surface {
  const source = new Source(sdkEntries);
  const types = new Map<string, JsonSchema>();
  const router: AnyTRPCRouter = appRouter;
  const procedures = Object.entries<Described>(router._def.procedures).map(
    ([path, procedure]) => [path, describeProcedure(path, procedure, { source, types })] as const,
  );
  return {
    procedures: sorted(procedures),
    types: sorted(types),
    commonReasons: {
      everyCall: REASONS_OF_EVERY_CALL,
      everyCallOfSomebody: REASONS_OF_EVERY_CALLER,
      everyMutation: REASONS_OF_EVERY_MUTATION,
    },
    reasons: sorted([...source.reasons()].map(([reason, said]) => [reason, { ...said, ...treatmentOf(reason) }])),
    exports: source.exports(),
  };
}

/** A procedure as the router holds it while it runs. */
interface Described {
  readonly _def: { readonly type: 'query' | 'mutation' | 'subscription'; readonly meta?: ProcedureMeta };
}

function describeProcedure(
  path: string,
  { _def }: Described,
  { source, types }: { source: Source; types: Map<string, JsonSchema> },
): ProcedureSurface {
  const { callers = 'public', reasons = [] } = _def.meta ?? {};
  const { comment, input: inputType, output: outputType } = source.procedure(path);
  assertNamed(path, comment, reasons);
  const input = 'inputs' in _def && Array.isArray(_def.inputs) ? schemaIn(_def.inputs[0]) : undefined;
  const output = schemaIn('output' in _def ? _def.output : undefined);
  if (!output) throw new Error(`${path} does not say what it answers.`);
  const isStream = _def.type === 'subscription';
  const answer = jsonSchemaOf(isStream ? eventView : output, 'output');
  return {
    kind: kindOf(_def.type, answer),
    callers,
    description: comment.replace(/ ?Fails with .*$/, ''),
    reasons,
    input: input ? source.annotate(jsonSchemaOf(input, 'input'), inputType, types) : null,
    inputOptional: !input || input.safeParse(undefined).success,
    output: source.annotate(answer, isStream ? source.event() : outputType, types),
  };
}

function schemaIn(value: unknown): z.ZodType | undefined {
  return value instanceof z.ZodType ? value : undefined;
}

function kindOf(type: Described['_def']['type'], { properties }: JsonSchema): ProcedureKind {
  if (type === 'subscription') return 'stream';
  if (type === 'mutation') return 'mutation';
  return properties && 'nextCursor' in properties ? 'list' : 'query';
}

/** The comment is what people read and the meta what programs read: both name the same reasons. */
function assertNamed(path: string, comment: string, reasons: readonly string[]): void {
  const named = /Fails with .*$/.exec(comment)?.[0].match(/(?<=`)[A-Z_]+(?=`)/g) ?? [];
  if ([...named].sort().join() === [...reasons].sort().join()) return;
  throw new Error(
    `The comment of ${path} says that it fails with ${named.join(', ') || 'nothing'}, its meta says ${reasons.join(', ') || 'nothing'}.`,
  );
}

function treatmentOf(reason: string): Pick<ReasonSurface, 'httpStatus' | 'retryable'> {
  const treatment = Object.entries(TREATMENTS).find(([name]) => name === reason)?.[1];
  if (!treatment) throw new Error(`Nothing says how ${reason} travels.`);
  const httpStatus = getHTTPStatusCodeFromError(new TRPCError({ code: treatment.code }));
  return { httpStatus, retryable: 'retryable' in treatment };
}

function sorted<Value>(entries: Iterable<readonly [string, Value]>): Record<string, Value> {
  return Object.fromEntries([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
