import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url));
const REASONS = fileURLToPath(new URL('../../../db/src/errors.ts', import.meta.url));

/** What the doc comments say to a caller: of the procedures, of the fields of the shapes, and of the reasons. */
export interface Comments {
  procedures: Record<string, string>;
  fields: Record<string, Record<string, string>>;
  reasons: Record<string, string>;
}

/** Reads the comments from the source, as the compiler understands it. */
export function readComments(): Comments {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' });
  const schemas = files.filter((file) => file.endsWith('schema.ts')).map((file) => SOURCE + file);
  const router = `${SOURCE}router.ts`;
  const program = ts.createProgram([router, REASONS, ...schemas], {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    types: ['node'],
  });
  const reader = new Reader(program);
  return {
    procedures: reader.procedures(router),
    fields: Object.assign({}, ...schemas.sort().map((file) => reader.fields(file))),
    reasons: reader.reasons(REASONS),
  };
}

class Reader {
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;

  constructor(program: ts.Program) {
    this.#program = program;
    this.#checker = program.getTypeChecker();
  }

  procedures(router: string): Record<string, string> {
    const routers = this.#typeOfExport(router, 'appRouter');
    const record = this.#typeOf(routers, '_def', 'record');
    return Object.fromEntries(
      record.getProperties().flatMap((feature) =>
        this.#checker
          .getTypeOfSymbol(feature)
          .getProperties()
          .map((procedure) => [`${feature.name}.${procedure.name}`, this.#commentOf(procedure)]),
      ),
    );
  }

  /** The comments of the type that each exported schema is for. Other exported types inside it speak for themselves. */
  fields(file: string): Record<string, Record<string, string>> {
    const schemas = this.#exportsOf(file).filter(({ name }) => /(Input|View)$/.test(name));
    const values = schemas.flatMap((symbol) => {
      const output =
        symbol.flags & ts.SymbolFlags.Variable && this.#checker.getTypeOfSymbol(symbol).getProperty('_output');
      return output ? { name: symbol.name, type: this.#checker.getTypeOfSymbol(output) } : [];
    });
    return Object.fromEntries(
      values.map(({ name, type }) => {
        const shape = this.#checker.getNonNullableType(type);
        const own = shape.aliasSymbol ?? shape.symbol;
        const named = own?.name.endsWith('View') ? { '': this.#commentOf(own) } : {};
        return [name, { ...named, ...this.#fieldsIn(shape, '') }];
      }),
    );
  }

  reasons(file: string): Record<string, string> {
    const details = this.#exportsOf(file).find(({ name }) => name === 'ReasonDetails');
    const reasons = details ? this.#checker.getDeclaredTypeOfSymbol(details).getProperties() : [];
    return Object.fromEntries(reasons.map((reason) => [reason.name, this.#commentOf(reason)]));
  }

  #fieldsIn(type: ts.Type, prefix: string): Record<string, string> {
    const fields: Record<string, string> = {};
    for (const property of this.#checker.getPropertiesOfType(type)) {
      const name = prefix + property.name;
      const comment = this.#commentOf(property);
      // In REST it is no field.
      if (property.name === 'idempotencyKey') continue;
      if (comment) fields[name] = comment;
      const inner = this.#shapeIn(this.#checker.getTypeOfSymbol(property));
      if (inner) Object.assign(fields, this.#fieldsIn(inner, `${name}.`));
    }
    return fields;
  }

  /** The shape that a field holds one or many of, if it is of ours and nobody else's. */
  #shapeIn(type: ts.Type): ts.Type | undefined {
    const one = this.#checker.getNonNullableType(type);
    const element = (this.#checker.isArrayType(one) && one.getNumberIndexType()) || one;
    const declaration = element.symbol?.declarations?.[0];
    const isOurs = declaration?.getSourceFile().fileName.startsWith(SOURCE) ?? false;
    if (!isOurs || element.flags & ts.TypeFlags.EnumLike) return undefined;
    const isExported = declaration && ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export;
    return isExported && element.symbol.name.endsWith('View') ? undefined : element;
  }

  #commentOf(symbol: ts.Symbol): string {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(this.#checker));
    return text.replaceAll(/\s*\n\s*/g, ' ').trim();
  }

  #exportsOf(file: string): ts.Symbol[] {
    const source = this.#program.getSourceFile(file);
    const module = source && this.#checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`There is no module ${file}.`);
    return this.#checker.getExportsOfModule(module);
  }

  #typeOfExport(file: string, name: string): ts.Type {
    const symbol = this.#exportsOf(file).find((each) => each.name === name);
    if (!symbol) throw new Error(`${file} exports no ${name}.`);
    return this.#checker.getTypeOfSymbol(symbol);
  }

  #typeOf(type: ts.Type, ...path: string[]): ts.Type {
    return path.reduce((of, name) => {
      const property = this.#checker.getPropertyOfType(of, name);
      if (!property) throw new Error(`There is no ${name}.`);
      return this.#checker.getTypeOfSymbol(property);
    }, type);
  }
}
