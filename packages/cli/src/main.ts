#!/usr/bin/env node
import { CommanderError } from 'commander';
import { createProgram, EXIT } from './program.ts';

const unread = new AbortController();
const terminal = {
  out: (text: string) => process.stdout.write(text),
  err: (text: string) => process.stderr.write(text),
  unread: unread.signal,
};

// A reader that has seen enough, such as `head`, changes nothing about how the call ended: the program goes on to its
// end, or gives up a stream that has none.
for (const output of [process.stdout, process.stderr]) {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exit(EXIT.refused);
    unread.abort();
  });
}

try {
  await createProgram(terminal, (exitCode) => {
    process.exitCode = exitCode;
  }).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
}
