import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';

// pnpm example <name> [--memory]
const [name = '', ...options] = process.argv.slice(2);
const script = new URL(`./scripts/${name}.ts`, import.meta.url);

if (/^[a-z-]+$/.test(name) && existsSync(script)) {
  const { run } = await import(script.href);
  await run(options);
} else {
  const scripts = await readdir(new URL('./scripts/', import.meta.url));
  console.error(
    `There is no example "${name}". There are: ${scripts.map((file) => file.replace('.ts', '')).join(', ')}.`,
  );
  process.exitCode = 1;
}
