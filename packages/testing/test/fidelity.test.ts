import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const FOLDER = new URL('./', import.meta.url);
const DOCUMENT = new URL('../../../docs/fidelity.md', import.meta.url);

test('every claim of docs/fidelity.md is the title of a test, and every such test is a claim', async () => {
  const files = (await readdir(FOLDER)).filter((file) => /^fidelity\..+\.test\.ts$/.test(file));
  const titles: string[] = [];
  for (const file of files) {
    const source = await readFile(new URL(file, FOLDER), 'utf8');
    for (const [, , title = ''] of source.matchAll(/^test\((['"])(.+)\1, /gm)) titles.push(title);
  }
  const claims = [...(await readFile(DOCUMENT, 'utf8')).matchAll(/^- \*\*(.+)\.\*\*/gm)].map(([, claim = '']) => claim);
  const sentences = titles.map((title) => title.charAt(0).toUpperCase() + title.slice(1));
  expect(claims).not.toHaveLength(0);
  expect(claims.toSorted()).toEqual(sentences.toSorted());
});
