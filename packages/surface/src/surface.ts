import type { JsonSchema } from './json-schema.ts';

/** Everything that a caller can see, by name. Names are sorted, so that a change shows as the lines that it changes. */
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

export type ProcedureKind = 'query' | 'list' | 'mutation' | 'stream';

export interface ProcedureSurface {
  readonly kind: ProcedureKind;
  /** `public`, `customer`, `admin`, or `owner`: a customer in their own things, an admin in anybody's. */
  readonly callers: string;
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

export interface ReasonSurface {
  /** What it means, and what to do. */
  readonly description: string;
  readonly httpStatus: number;
  readonly retryable: boolean;
  /** The values behind it, as TypeScript writes their types. */
  readonly details: Readonly<Record<string, string>>;
}
