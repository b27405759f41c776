import { expect, test } from 'vitest';
import { readComments } from './comments.ts';

const comments = readComments();

// `pnpm test packages/api/test/rest/comments.test.ts --update` writes the file anew.
test('the API reference says what the comments in the source say', async () => {
  const file = [
    "import type { Comments } from './openapi.ts';",
    '',
    '// Written by packages/api/test/rest/comments.test.ts from the comments in the source. Change those, and run it with --update.',
    `export const COMMENTS: Comments = ${JSON.stringify(comments, null, 2)};`,
    '',
  ];
  await expect(file.join('\n')).toMatchFileSnapshot('../../src/rest/comments.ts');
});

test('every procedure and every reason has a comment', () => {
  const { procedures, reasons } = comments;
  for (const [name, comment] of Object.entries({ ...procedures, ...reasons })) expect(comment, name).toMatch(/\.$/);
});
