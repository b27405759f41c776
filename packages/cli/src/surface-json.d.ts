// The compiler is told the part of the API's report that is read, so that it need not read 7,000 lines to guess it.
declare module '@baguni/api/surface.json' {
  type Procedure = import('./surface.ts').Procedure;
  type JsonSchema = import('./surface.ts').JsonSchema;

  const surface: {
    /** By path, such as `products.list`. */
    readonly procedures: Readonly<Record<string, Procedure>>;
    readonly types: Readonly<Record<string, JsonSchema>>;
    readonly reasons: Readonly<Record<string, { readonly description: string }>>;
  };
  export default surface;
}
