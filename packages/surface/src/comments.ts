import { fileURLToPath } from 'node:url';
import type { JsonSchema, ReasonSurface } from '@baguni/api';
import ts from 'typescript';

const PACKAGES = fileURLToPath(new URL('../..', import.meta.url));
const ROUTER = `${PACKAGES}api/src/router.ts`;
const EVENTS = `${PACKAGES}api/src/events/schema.ts`;
const ERRORS = `${PACKAGES}db/src/errors.ts`;

/** The source as the compiler reads it: types know the comments that a caller reads in the editor. */
export class Source {
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;
  readonly #entries: Readonly<Record<string, string>>;

  /** `entries` are the files behind the names under which the SDK is imported. */
  constructor(entries: Readonly<Record<string, string>>) {
    this.#entries = Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, `${PACKAGES}${file}`]));
    const { options } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(`${PACKAGES}../tsconfig.base.json`, ts.sys.readFile).config,
      ts.sys,
      PACKAGES,
    );
    this.#program = ts.createProgram([ROUTER, ERRORS, ...Object.values(this.#entries)], {
      ...options,
      composite: false,
      incremental: false,
      noEmit: true,
    });
    this.#checker = this.#program.getTypeChecker();
  }

  /** The comment of a procedure, and the types of what it takes and answers. */
  procedure(path: string): { comment: string; input: ts.Type; output: ts.Type } {
    const routers = this.#exported(ROUTER, 'AppRouter');
    let type = this.#at(this.#checker.getDeclaredTypeOfSymbol(routers), ['_def', 'record']);
    const names = path.split('.');
    type = this.#at(type, names.slice(0, -1));
    const symbol = this.#property(type, names.at(-1) ?? '');
    const types = this.#at(this.#checker.getTypeOfSymbol(symbol), ['_def', '$types']);
    return { comment: this.#commentOf(symbol), input: this.#at(types, ['input']), output: this.#at(types, ['output']) };
  }

  /** What a stream of events gives. */
  event(): ts.Type {
    return this.#checker.getDeclaredTypeOfSymbol(this.#exported(EVENTS, 'EventView'));
  }

  /** What each reason means, and the values that go with it. */
  reasons(): Map<string, Pick<ReasonSurface, 'description' | 'details'>> {
    const details = this.#checker.getDeclaredTypeOfSymbol(this.#exported(ERRORS, 'ReasonDetails'));
    return new Map(
      details.getProperties().map((reason) => {
        const fields = this.#checker.getTypeOfSymbol(reason).getProperties();
        const written = fields.map((field) => [field.name, this.#write(this.#checker.getTypeOfSymbol(field))]);
        return [reason.name, { description: this.#commentOf(reason), details: Object.fromEntries(written) }];
      }),
    );
  }

  /** The sort of each thing that the SDK exports, by the name of the entry. */
  exports(): Record<string, Record<string, string>> {
    return Object.fromEntries(
      Object.entries(this.#entries).map(([name, file]) => {
        const exported = this.#exportsOf(file).map((symbol) => [symbol.name, this.#sortOf(symbol)] as const);
        return [name, Object.fromEntries(exported.toSorted(([a], [b]) => (a < b ? -1 : 1)))];
      }),
    );
  }

  /**
   * The same schema with the comments of the type and its fields, and each named shape in it replaced by a reference.
   * The shapes are collected in `types`.
   */
  annotate(schema: JsonSchema, type: ts.Type, types: Map<string, JsonSchema>): JsonSchema {
    const value = this.#checker.getNonNullableType(type);
    const annotated = this.#annotateParts(schema, value, types);
    const symbol = annotated.type === 'object' || annotated.oneOf ? namedSymbolOf(value) : undefined;
    if (!symbol) return annotated;
    const comment = this.#commentOf(symbol);
    const named = comment ? { description: comment, ...annotated } : annotated;
    const known = types.get(symbol.name);
    // One name may be two shapes: what is sent is not always what is answered.
    if (known && JSON.stringify(known) !== JSON.stringify(named)) return annotated;
    types.set(symbol.name, named);
    return { $ref: `#/types/${symbol.name}` };
  }

  #annotateParts(schema: JsonSchema, type: ts.Type, types: Map<string, JsonSchema>): JsonSchema {
    const { properties, items, anyOf, oneOf } = schema;
    if (properties) {
      const annotated = Object.entries(properties).map(([name, property]) => {
        const symbol = this.#checker.getPropertyOfType(type, name);
        if (!symbol) return [name, property];
        const described = this.annotate(property, this.#checker.getTypeOfSymbol(symbol), types);
        const description = this.#commentOf(symbol) || described.description;
        return [name, description ? { ...described, description } : described];
      });
      return { ...schema, properties: Object.fromEntries(annotated) };
    }
    if (items) {
      const element = this.#checker.getIndexTypeOfType(type, ts.IndexKind.Number);
      return element ? { ...schema, items: this.annotate(items, element, types) } : schema;
    }
    if (anyOf?.some(({ type }) => type === 'null')) {
      return {
        ...schema,
        anyOf: anyOf.map((each) => (each.type === 'null' ? each : this.annotate(each, type, types))),
      };
    }
    if (oneOf && type.isUnion() && type.types.length === oneOf.length) {
      const members = type.types;
      return {
        ...schema,
        oneOf: oneOf.map((each) => {
          const member = members.find((candidate) => this.#isTagged(candidate, each));
          return member ? this.#annotateParts(each, member, types) : each;
        }),
      };
    }
    return schema;
  }

  /** Whether every constant of the schema is one of the type. */
  #isTagged(type: ts.Type, { properties = {} }: JsonSchema): boolean {
    return Object.entries(properties)
      .filter(([, property]) => property.const !== undefined)
      .every(([name, property]) => {
        const symbol = this.#checker.getPropertyOfType(type, name);
        const literal = symbol && this.#checker.getTypeOfSymbol(symbol);
        return !literal?.isLiteral() || literal.value === property.const;
      });
  }

  #commentOf(symbol: ts.Symbol): string {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(this.#checker));
    return text.replaceAll(/\s*\n\s*/g, ' ').trim();
  }

  #write(type: ts.Type): string {
    return this.#checker.typeToString(
      type,
      undefined,
      ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias,
    );
  }

  #sortOf(symbol: ts.Symbol): string {
    const { flags } = symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
    if (flags & ts.SymbolFlags.Class) return 'class';
    if (flags & ts.SymbolFlags.Function) return 'function';
    return flags & ts.SymbolFlags.Value ? 'value' : 'type';
  }

  #at(type: ts.Type, names: readonly string[]): ts.Type {
    return names.reduce((at, name) => this.#checker.getTypeOfSymbol(this.#property(at, name)), type);
  }

  #property(type: ts.Type, name: string): ts.Symbol {
    const symbol = this.#checker.getPropertyOfType(type, name);
    if (!symbol) throw new Error(`${this.#write(type)} has no ${name}.`);
    return symbol;
  }

  #exported(file: string, name: string): ts.Symbol {
    const symbol = this.#exportsOf(file).find((each) => each.name === name);
    if (!symbol) throw new Error(`${file} exports no ${name}.`);
    return symbol;
  }

  #exportsOf(file: string): ts.Symbol[] {
    const source = this.#program.getSourceFile(file);
    const symbol = source && this.#checker.getSymbolAtLocation(source);
    if (!symbol) throw new Error(`${file} is no module.`);
    return this.#checker.getExportsOfModule(symbol);
  }
}

/** What names a type in the source. A shape with parameters has another one for each of them, so it goes without. */
function namedSymbolOf(type: ts.Type): ts.Symbol | undefined {
  if (type.aliasSymbol) return type.aliasTypeArguments ? undefined : type.aliasSymbol;
  const isPlain = type.isClassOrInterface() && !type.typeParameters;
  return isPlain ? type.symbol : undefined;
}
