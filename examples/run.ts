import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { addressAndTokens } from './connect.ts';

// pnpm example <name> [--memory]
const [name = '', ...options] = process.argv.slice(2);
const scriptWith = (ending: string) => new URL(`./scripts/${name}${ending}`, import.meta.url);
const isScript = (url: URL) => /^[a-z-]+$/.test(name) && existsSync(url);

if (isScript(scriptWith('.ts'))) {
  const { run } = await import(scriptWith('.ts').href);
  await run(options);
} else if (isScript(scriptWith('.sh'))) {
  process.exitCode = await runShell(scriptWith('.sh'));
} else {
  const scripts = await readdir(new URL('./scripts/', import.meta.url));
  console.error(
    `There is no example "${name}". There are: ${scripts.map((file) => file.replace(/\.(ts|sh)$/, '')).join(', ')}.`,
  );
  process.exitCode = 1;
}

/** A shell script needs no SDK: it is told where the shop is, and who to be. */
async function runShell(script: URL): Promise<number> {
  const { url, adminKey, customerToken, close } = await addressAndTokens(options);
  const shell = spawn('bash', [fileURLToPath(script)], {
    stdio: 'inherit',
    env: { ...process.env, BAGUNI_URL: url, ADMIN_KEY: adminKey, CUSTOMER_TOKEN: customerToken },
  });
  const [code] = await once(shell, 'exit');
  await close();
  return Number(code ?? 1);
}
