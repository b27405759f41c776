import { createClient, isBaguniError } from '@baguni/sdk';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { describeAnswer } from './answers.ts';
import { answerTo, type Call, type Connection, follow, LIMIT } from './calls.ts';
import { describeFailure, failureJson } from './failures.ts';
import { type Field, fieldsOf, inputOf, kebabOf, NULL, optionOf, parseValue } from './fields.ts';
import { type Procedure, procedures } from './surface.ts';

/** How the program ends. */
export const EXIT = { ok: 0, refused: 1, usage: 2 } as const;

/** Where the program's words go. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Aborted when nobody reads what is put out any more. */
  readonly unread: AbortSignal;
}

interface Options extends Connection {
  readonly json?: boolean;
  readonly input?: unknown;
  readonly limit?: number;
  readonly all?: boolean;
}

const CALLERS: Readonly<Record<Procedure['callers'], string>> = {
  public: 'Anybody may call this.',
  customer: 'Needs the token of a customer as --key.',
  admin: 'Needs the API key of an admin.',
  owner: 'Needs the API key of an admin, who names the user, or the token of a customer.',
};

/** The command line: a command for each namespace of the API, and in it one for each procedure. */
export function createProgram(terminal: Terminal, end: (exitCode: number) => void): Command {
  const program = new Command('baguni')
    .description('Runs a Baguni shop from the command line.')
    .version(packageJson.version)
    .showHelpAfterError('Add --help for what there is.')
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .exitOverride();
  const paths = Object.keys(procedures);
  for (const feature of new Set(paths.map((path) => path.split('.')[0] ?? ''))) {
    const names = paths.filter((path) => path.startsWith(`${feature}.`)).map((path) => kebabOf(nameOf(path)));
    const group = inherit(program, new Command(feature)).description(names.join(', '));
    for (const [path, procedure] of Object.entries(procedures)) {
      if (path.startsWith(`${feature}.`)) {
        const command = inherit(group, new Command(kebabOf(nameOf(path))));
        group.addCommand(describeCommand(command, path, procedure, { terminal, end }));
      }
    }
    program.addCommand(group);
  }
  const { 'audit.verify': verify } = procedures;
  if (verify) {
    const command = inherit(program, new Command('verify'));
    program.addCommand(describeCommand(command, 'audit.verify', verify, { terminal, end }));
  }
  return program;
}

function inherit(parent: Command, command: Command): Command {
  return command.copyInheritedSettings(parent);
}

interface Surroundings {
  readonly terminal: Terminal;
  readonly end: (exitCode: number) => void;
}

function describeCommand(command: Command, path: string, procedure: Procedure, around: Surroundings): Command {
  const isList = procedure.kind === 'list';
  const fields = fieldsOf(procedure.input).filter(({ name }) => !isList || (name !== 'limit' && name !== 'cursor'));
  const subject = subjectOf(fields);
  command.description([procedure.description, CALLERS[procedure.callers]].join('\n'));
  if (subject) command.addArgument(argumentOf(subject));
  for (const field of fields) command.addOption(optionOf(field));
  if (fields.length > 0) {
    command.addOption(new Option('--input <json>', 'the input as JSON; flags come before it').argParser(inputOf));
  }
  if (isList) {
    command.addOption(
      new Option('--limit <number>', 'how many to show at most').argParser(countOf).default(LIMIT).conflicts('all'),
    );
    command.addOption(new Option('--all', 'show everything'));
  }
  command
    .addOption(
      new Option('--url <url>', 'where the server is')
        .argParser(urlOf)
        .env('BAGUNI_URL')
        .default('http://127.0.0.1:3000'),
    )
    .addOption(new Option('--key <key>', 'an API key, or a customer token').env('BAGUNI_ADMIN_KEY'))
    .addOption(new Option('--json', 'print JSON'));
  if (procedure.reasons.length > 0) command.addHelpText('after', `\nFails with ${procedure.reasons.join(', ')}.`);
  return command.action(async () => {
    const options = command.opts<Options>();
    const input = inputFrom(command, fields, subject);
    const itemsMax = options.all ? Number.POSITIVE_INFINITY : (options.limit ?? LIMIT);
    around.end(await run({ path, procedure, input, itemsMax }, options, around.terminal));
  });
}

/** The one field that must be there may be named without its flag: `products get 1`. */
function subjectOf(fields: readonly Field[]): Field | undefined {
  const [first, second] = fields.filter(({ isRequired }) => isRequired);
  const isPlain = first && typeof first.schema.type === 'string' && !['array', 'object'].includes(first.schema.type);
  return isPlain && !second ? first : undefined;
}

function argumentOf({ name, schema }: Field): Argument {
  return new Argument(`[${kebabOf(name)}]`, schema.description ?? '').argParser((text: string) =>
    parseValue(text, schema),
  );
}

function inputFrom(command: Command, fields: readonly Field[], subject: Field | undefined): Record<string, unknown> {
  const options = command.opts();
  const input: Record<string, unknown> = {};
  if (options.input instanceof Object) Object.assign(input, options.input);
  if (subject && command.processedArgs[0] !== undefined) input[subject.name] = command.processedArgs[0];
  for (const field of fields) {
    const value = options[optionOf(field).attributeName()];
    if (value !== undefined) input[field.name] = value === NULL ? null : value;
  }
  const missing = fields.filter(({ name, isRequired }) => isRequired && input[name] === undefined);
  if (missing.length > 0) {
    const flags = missing.map(({ flag, name }) => `${flag} (${name})`).join(', ');
    command.error(`error: missing: ${flags}`, { exitCode: EXIT.usage });
  }
  return input;
}

async function run(call: Call, options: Options, { out, err, unread }: Terminal): Promise<number> {
  const write = (answer: unknown) =>
    out(options.json ? `${JSON.stringify(answer ?? null, null, 2)}\n` : describeAnswer(answer));
  try {
    if (call.procedure.kind === 'stream') {
      // One line for each event, so that what reads them need not wait for the end.
      for await (const event of follow(call, options, unread)) out(`${JSON.stringify(event)}\n`);
      return EXIT.ok;
    }
    const answer = await answerTo(call, options);
    write(answer);
    return isUnclean(answer) ? EXIT.refused : EXIT.ok;
  } catch (error) {
    if (!isBaguniError(error)) throw error;
    err(options.json ? failureJson(error) : describeFailure(error, options.url));
    return EXIT.refused;
  }
}

/** Whether the books that were verified are wrong: a script must notice. */
function isUnclean(answer: unknown): boolean {
  return answer instanceof Object && 'clean' in answer && answer.clean === false;
}

/** The client itself says what is no address of a server. */
function urlOf(text: string): string {
  try {
    createClient({ url: text });
    return text;
  } catch (error) {
    throw error instanceof TypeError ? new InvalidArgumentError(error.message) : error;
  }
}

function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return count;
}

function nameOf(path: string): string {
  return path.split('.')[1] ?? '';
}
