// Opens a page in headless Chromium, and prints what the page reports.
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflate } from '@sparticuz/chromium';
import { launch } from 'puppeteer-core';

const [page] = process.argv.slice(2);
const packed = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '../bin');
// The package brings the system's libraries that Chromium needs and a bare machine has not.
const [executablePath] = await Promise.all(['chromium.br', 'al2023.tar.br'].map((name) => inflate(join(packed, name))));
const browser = await launch({
  executablePath,
  headless: 'shell',
  // A machine that runs tests is often root's, for whom Chromium has no sandbox. Nothing of the web's own rules is off.
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  env: { ...process.env, LD_LIBRARY_PATH: join(tmpdir(), 'al2023/lib') },
}).catch((error) => {
  console.log(JSON.stringify({ cannotStart: String(error) }));
  process.exit();
});
try {
  const tab = await browser.newPage();
  tab.on('console', (message) => console.error(message.text()));
  tab.on('pageerror', (error) => console.error(error));
  await tab.goto(page);
  console.log(JSON.stringify(await tab.evaluate(() => window.report)));
} finally {
  await browser.close();
}
