import surface from '@baguni/api/surface.json' with { type: 'json' };

export interface Procedure {
  readonly kind: 'query' | 'list' | 'mutation' | 'stream';
  readonly callers: 'public' | 'customer' | 'admin' | 'owner';
  readonly description: string;
  readonly reasons: readonly string[];
  readonly input: JsonSchema | null;
}

export interface JsonSchema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly (string | number)[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

export const { procedures, reasons } = surface;

/** The shape itself where the report only names it. */
export function resolved(schema: JsonSchema): JsonSchema {
  const target = schema.$ref === undefined ? undefined : surface.types[schema.$ref.replace('#/types/', '')];
  return target ? { ...target, ...(schema.description !== undefined && { description: schema.description }) } : schema;
}
