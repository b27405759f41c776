import { parseArgs } from 'node:util';
import { DEFAULT_SETTINGS, type ShopSettings } from '@baguni/db';
import { z } from 'zod';

/** How the server runs. Flags come before the environment. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  /** Signs and checks customers' tokens; made and kept when neither this nor `jwksUrl` is given. */
  readonly jwtSecret: string | undefined;
  /** Where the app's own login shows its keys. */
  readonly jwksUrl: string | undefined;
  /** An admin key to accept; made and kept when none is given. */
  readonly adminKey: string | undefined;
  /** Whether events may be sent to private addresses; a demo on this machine alone may, unless said otherwise. */
  readonly allowPrivateEndpoints: boolean;
  /** The origins whose pages may call from a browser. */
  readonly corsOrigins: readonly string[];
  /** Whether the API's description and its reference page are served. */
  readonly docs: boolean;
  /** Whether an empty shop is filled with the demo's products. */
  readonly demo: boolean;
  readonly logLevel: string;
  /** How the shop does business. */
  readonly settings: ShopSettings;
}

/** A setting that cannot be used; its message is one sentence for the person who started the program. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const databaseUrl = z
  .string()
  .regex(
    /^(postgres(ql)?:\/\/.+|sqlite:.+)$/,
    'must be postgres://user:password@host:port/name, sqlite:path/to/file or sqlite::memory:',
  );

/** Balances stay safe integers whatever one charge adds. */
const POINT_BALANCE_MAX = 1_000_000_000_000_000;

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const SETTINGS = z.object({
  host: z.string().min(1, 'must name a host').default('127.0.0.1'),
  port: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a number from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a number from 0 to 65535')
    .default(3000),
  'database-url': databaseUrl.default('sqlite:.data/shop.db'),
  'jwt-secret': z.string().min(32, 'must have at least 32 characters').optional(),
  'jwks-url': z.url('must be a URL').optional(),
  'admin-key': z
    .string()
    .regex(/^bgn_\S{32,}$/, 'must begin with bgn_ and go on for at least 32 characters')
    .optional(),
  'allow-private-endpoints': z.enum(['true', 'false'], 'must be true or false').optional(),
  'cors-origins': z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine((origins) => origins.every(isOrigin), 'must be origins such as https://shop.example, with commas between')
    .optional(),
  docs: z.enum(['true', 'false'], 'must be true or false').default('true'),
  demo: z.enum(['true', 'false'], 'must be true or false').default('true'),
  'log-level': z
    .enum(['silent', 'error', 'warn', 'info', 'debug'], 'must be silent, error, warn, info or debug')
    .default('warn'),
  'time-zone': z
    .string()
    .refine(isTimeZone, 'must name a time zone, such as Asia/Seoul')
    .default(DEFAULT_SETTINGS.timeZone),
  'point-balance-limit': z
    .string()
    .regex(/^\d{1,16}$/, 'must be a whole number')
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= POINT_BALANCE_MAX, `must be 1 to ${POINT_BALANCE_MAX}`)
    .default(DEFAULT_SETTINGS.pointBalanceMax),
});

type Setting = keyof typeof SETTINGS.shape;

const NAMES = Object.keys(SETTINGS.shape) as Setting[];

/** Reads the settings, or throws a `ConfigError` that names the wrong one. */
export function readConfig(args: string[], environment: NodeJS.ProcessEnv): Config {
  const flags = readFlags(args);
  const given = NAMES.map((name) => [name, flags[name] ?? environment[variableOf(name)]]);
  const settings = SETTINGS.safeParse(Object.fromEntries(given));
  if (!settings.success) {
    const [issue] = settings.error.issues;
    const name = String(issue?.path[0]);
    throw new ConfigError(`--${name} (or ${variableOf(name)}) ${issue?.message}.`);
  }
  const { data } = settings;
  if (data['jwt-secret'] !== undefined && data['jwks-url'] !== undefined) {
    throw new ConfigError('Give --jwt-secret or --jwks-url, not both.');
  }
  return {
    host: data.host,
    port: data.port,
    databaseUrl: data['database-url'],
    jwtSecret: data['jwt-secret'],
    jwksUrl: data['jwks-url'],
    adminKey: data['admin-key'],
    allowPrivateEndpoints: allowsPrivateEndpoints(data),
    corsOrigins: data['cors-origins'] ?? [],
    docs: data.docs === 'true',
    demo: data.demo === 'true',
    logLevel: data['log-level'],
    settings: {
      ...DEFAULT_SETTINGS,
      timeZone: data['time-zone'],
      pointBalanceMax: data['point-balance-limit'],
    },
  };
}

const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

// Whoever tries the demo has the receiver on the same machine, and there nobody else can reach the server.
function allowsPrivateEndpoints(data: z.output<typeof SETTINGS>): boolean {
  const given = data['allow-private-endpoints'];
  return given === undefined ? data.demo === 'true' && LOOPBACK_HOSTS.includes(data.host) : given === 'true';
}

function readFlags(args: string[]): Partial<Record<string, string>> {
  const options = Object.fromEntries(NAMES.map((name) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    if (error instanceof TypeError) throw new ConfigError(`${error.message.split(/\.?\s*\n|\. /)[0]}.`);
    throw error;
  }
}

/** `database-url` is DATABASE_URL in the environment. */
function variableOf(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
