import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, expect, test } from 'vitest';

const SAMPLE = fileURLToPath(new URL('./sample.ts', import.meta.url));

const SOURCE = `
import { createClient, matchBaguniError } from '../src/index.ts';
const shop = createClient({ url: 'http://localhost:3000' });
const order = await shop.orders.place({ points: 500 });
order.payableAmount;
for await (const coupon of shop.coupons.list()) coupon.name;
declare const error: unknown;
matchBaguniError(error, { STOCK_INSUFFICIENT: ({ details }) => details.available });
matchBaguniError(error, { /* here */ });
`;

/** What an editor shows of the last word of this text. */
function hoverOn(text: string): { signature: string; comment: string } {
  const end = SOURCE.indexOf(text) + text.length;
  const info = service.getQuickInfoAtPosition(SAMPLE, end - 1);
  if (!info) throw new Error(`There is nothing to show on ${text}.`);
  return {
    signature: ts.displayPartsToString(info.displayParts),
    comment: ts.displayPartsToString(info.documentation),
  };
}

const service = ts.createLanguageService({
  getScriptFileNames: () => [SAMPLE],
  getScriptVersion: () => '1',
  getScriptSnapshot: (path) => {
    const text = path === SAMPLE ? SOURCE : ts.sys.readFile(path);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => fileURLToPath(new URL('..', import.meta.url)),
  getCompilationSettings: () => ({
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    types: ['node'],
  }),
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
});

// The compiler reads the whole router once, from its source.
beforeAll(() => {
  service.getProgram();
  hoverOn('createClient');
}, 60_000);

test('the editor shows what a procedure does and why it may fail', () => {
  const { signature, comment } = hoverOn('shop.orders.place');
  expect(signature).toContain(
    '(input?: PlaceOrderInput | undefined, options?: MutationOptions | undefined) => CallPromise<OrderView>',
  );
  expect(comment).toMatch(/^Places an order for the caller's cart/);
  expect(comment).toContain('`STOCK_INSUFFICIENT`');
});

test('the editor explains the fields of inputs and answers', () => {
  expect(hoverOn('{ points').comment).toBe('Points to spend; 0 unless said otherwise.');
  expect(hoverOn('order.payableAmount').comment).toBe('What is left to pay: total − discount − points.');
});

test('the editor explains a list', () => {
  const { signature, comment } = hoverOn('shop.coupons.list');
  expect(signature).toContain('(input?: PageInput | undefined, options?: CallOptions | undefined) => List<CouponView>');
  expect(comment).toBe('All coupons, newest first.');
});

/** What is said of each reason, in the rows of a table in Markdown: when it is given, and what to do about it. */
async function saidIn(path: string): Promise<[reason: string, text: string][]> {
  const text = await readFile(new URL(path, import.meta.url), 'utf8');
  return [...text.matchAll(/^\| `([A-Z_]+)` +\| (.*?) +\| (.*?) +\|$/gm)].map(([, reason = '', when, whatToDo]) => [
    reason,
    `${when} ${whatToDo}`,
  ]);
}

test('the editor offers every reason, and says what the docs say: what it means and what to do about it', async () => {
  const said = [...(await saidIn('../../../docs/errors.md')), ...(await saidIn('../README.md'))];
  const position = SOURCE.indexOf('/* here */');
  const offered = service.getCompletionsAtPosition(SAMPLE, position, undefined)?.entries ?? [];
  const shown = offered
    .filter(({ kind }) => kind === ts.ScriptElementKind.memberVariableElement)
    .map(({ name }) => {
      const details = service.getCompletionEntryDetails(
        SAMPLE,
        position,
        name,
        undefined,
        undefined,
        undefined,
        undefined,
      );
      return [name, ts.displayPartsToString(details?.documentation).replaceAll(/\s+/g, ' ')];
    });
  expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(said));
  expect(hoverOn('{ STOCK_INSUFFICIENT').comment).toBe('`details.available` pieces are left. Order fewer.');
});
