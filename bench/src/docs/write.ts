import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { CHART, documentFor, type KeptRuns } from './document.ts';

const DOCS = new URL('../../../docs/', import.meta.url);
const FOLDER = new URL('performance/', DOCS);
const FIGURES = new URL('figures.json', FOLDER);

/** Keeps these runs in the place of earlier ones of the same benches, and writes the document and the chart from all. */
export async function writeDocs(runs: KeptRuns): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const kept = { ...(await readRuns()), ...runs };
  await writeFile(FIGURES, `${JSON.stringify(kept, undefined, 2)}\n`);
  const { markdown, chart } = documentFor(kept);
  await writeFile(new URL('performance.md', DOCS), markdown);
  if (chart !== undefined) await writeFile(new URL(CHART, FOLDER), chart);
}

async function readRuns(): Promise<KeptRuns> {
  const text = await readFile(FIGURES, 'utf8').catch(() => '{}');
  return JSON.parse(text);
}
