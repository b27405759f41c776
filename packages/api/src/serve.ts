import { once } from 'node:events';
import { acceptApiKey } from './api-keys.ts';
import { hashApiKey, signCustomerToken, type TokenSettings } from './authenticator.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { seedDemo } from './demo/seed.ts';
import { type RunningJobs, startJobs } from './jobs.ts';
import { TestProvider } from './payments/test-provider.ts';
import { keepSecrets } from './secrets.ts';
import { Server } from './server.ts';
import { openShop, type Shop } from './shop.ts';

/** The examples are beside the source; what is published is compiled. */
const IS_IN_WORKSPACE = import.meta.url.endsWith('.ts');
const SECRETS_FILE = '.data/secrets.json';
const DEMO_TOKEN_MS = 30 * 24 * 60 * 60 * 1000;
/** How long requests under way may take to finish once the server was asked to stop. */
const SHUTDOWN_MAX_MS = 10_000;

/** Runs the server until it is asked to stop; gives the exit code. */
export async function serve(args: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const config = readConfig(args, environment);
  const secrets = await secretsFor(config);
  const shop = await openShop({
    databaseUrl: config.databaseUrl,
    tokens: secrets.tokens,
    settings: config.settings,
    allowPrivateEndpoints: config.allowPrivateEndpoints,
    // In a demo shop nobody's money moves.
    providers: config.demo ? { test: new TestProvider() } : {},
    onProviderFailure: ({ method, key, error }) => console.error(`Payment provider ${method}, ${key}:`, error),
  });
  const server = new Server(shop, { level: config.logLevel }, { corsOrigins: config.corsOrigins, docs: config.docs });
  let jobs: RunningJobs | undefined;
  try {
    await shop.unitOfWork.execute(acceptApiKey, {
      input: { name: 'server', hash: hashApiKey(secrets.adminKey) },
      actor: { kind: 'system' },
    });
    const customer = config.demo ? await seedDemo(shop) : undefined;
    jobs = startJobs(shop, { onError: (failure) => server.logFailedJob(failure) });
    const address = await server.listen(config);
    const token = customer && (await demoToken(customer.id, secrets.tokens));
    console.log(welcome({ address, config, adminKey: secrets.adminKey, customer: customer?.name, token }));
    await askedToStop();
    return await stop(server, jobs, shop);
  } catch (error) {
    await server.close();
    await jobs?.stop();
    await shop.close();
    throw error;
  }
}

async function secretsFor(config: Config): Promise<{ tokens: TokenSettings; adminKey: string }> {
  const { jwksUrl, jwtSecret, adminKey } = config;
  const areGiven = adminKey !== undefined && (jwksUrl ?? jwtSecret) !== undefined;
  const kept = areGiven ? undefined : await keepSecrets(SECRETS_FILE);
  const secret = jwtSecret ?? kept?.jwtSecret;
  const key = adminKey ?? kept?.adminKey;
  if (key === undefined) throw new ConfigError('There is no admin key.');
  if (jwksUrl !== undefined) return { tokens: { jwksUrl }, adminKey: key };
  if (secret === undefined) throw new ConfigError('There is no secret for customer tokens.');
  return { tokens: { secret }, adminKey: key };
}

// With an outside login the demo's customers have no tokens of ours.
async function demoToken(userId: number, tokens: TokenSettings): Promise<string | undefined> {
  if (!('secret' in tokens)) return undefined;
  return signCustomerToken(userId, tokens.secret, new Date(Date.now() + DEMO_TOKEN_MS));
}

interface Welcome {
  readonly address: string;
  readonly config: Config;
  readonly adminKey: string;
  readonly customer: string | undefined;
  readonly token: string | undefined;
}

function welcome({ address, config, adminKey, customer, token }: Welcome): string {
  const where = config.databaseUrl.replace(/\/\/[^@/]*@/, '//');
  const lines = [
    `Baguni is open at ${address} (${where})`,
    '',
    `  Admin key       ${config.adminKey ? '(as given)' : adminKey}`,
    ...(token ? [`  Customer token  ${token}`, `                  (${customer}, valid for 30 days)`] : []),
    '',
    'Try, in another terminal:',
    `  curl ${address}/api/products`,
    ...(config.docs ? [`  open ${address}/docs`] : []),
    IS_IN_WORKSPACE
      ? '  pnpm example checkout'
      : '  npm install @baguni/sdk    # its README shows how an app calls a shop',
  ];
  return lines.join('\n');
}

async function askedToStop(): Promise<void> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  // Asked a second time, the process ends at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
}

async function stop(server: Server, jobs: RunningJobs, shop: Shop): Promise<number> {
  const deadline = setTimeout(() => {
    console.error('Requests were still under way when the time to stop was over.');
    process.exit(1);
  }, SHUTDOWN_MAX_MS);
  await server.close();
  await jobs.stop();
  await shop.close();
  clearTimeout(deadline);
  return 0;
}
