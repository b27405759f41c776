import type { Callers } from './reasons.ts';

/**
 * Everything that a caller can see, by name, as `pnpm api-report` writes it to `surface/current.json`.
 * Names are sorted, so that a change shows as the lines that it changes.
 */
export interface Surface {
  /** By path, such as `orders.place`. */
  readonly procedures: Readonly<Record<string, ProcedureSurface>>;
  /** The named shapes that inputs and answers refer to as `#/types/NAME`. */
  readonly types: Readonly<Record<string, JsonSchema>>;
  /** Reasons that no procedure names, because every call of a kind may be refused for them. */
  readonly commonReasons: Readonly<Record<'everyCall' | 'everyCallOfSomebody' | 'everyMutation', readonly string[]>>;
  readonly reasons: Readonly<Record<string, ReasonSurface>>;
  /** What the SDK's entry points export: the sort of thing that each name is. */
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What a call of a procedure does; a `list` is a query that answers in pages. */
export type ProcedureKind = 'query' | 'list' | 'mutation' | 'stream';

/** What a procedure takes, answers and refuses, and who may call it. */
export interface ProcedureSurface {
  readonly kind: ProcedureKind;
  readonly callers: Callers;
  readonly description: string;
  /** The reasons of its own for which it refuses a call. */
  readonly reasons: readonly string[];
  /** `null` where it takes none. */
  readonly input: JsonSchema | null;
  /** Whether a call may leave the input out. */
  readonly inputOptional: boolean;
  /** What it answers; of a stream, each event. */
  readonly output: JsonSchema;
}

/** What a reason means and how it travels. */
export interface ReasonSurface {
  /** What it means, and what to do. */
  readonly description: string;
  readonly httpStatus: number;
  readonly retryable: boolean;
  /** The values behind it, as TypeScript writes their types. */
  readonly details: Readonly<Record<string, string>>;
}

/** The part of JSON Schema that zod writes for our shapes. */
export interface JsonSchema {
  readonly $ref?: string | undefined;
  readonly description?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly format?: string | undefined;
  readonly const?: string | number | boolean | null | undefined;
  readonly enum?: readonly (string | number)[] | undefined;
  readonly minimum?: number | undefined;
  readonly exclusiveMinimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly pattern?: string | undefined;
  readonly items?: JsonSchema | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: boolean | JsonSchema | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
  readonly oneOf?: readonly JsonSchema[] | undefined;
}
