import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { processCpuMs, processMemory } from '../process-figures.ts';

/** How long a server may take to open before it counts as failed. */
const OPENING_MAX_MS = 30_000;

interface ServerProcessOptions {
  readonly nodeFlags?: readonly string[];
  /** Told of each line that it writes once it is open. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** A server in a process of its own. */
export class ServerProcess implements AsyncDisposable {
  readonly origin: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, origin: string) {
    this.#child = child;
    this.origin = origin;
  }

  /** Starts a program that says `… open at http://…` as soon as it answers. */
  static async start(
    program: URL,
    args: readonly string[],
    { nodeFlags = [], onLine }: ServerProcessOptions = {},
  ): Promise<ServerProcess> {
    const child = spawn(process.execPath, [...nodeFlags, fileURLToPath(program), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      // Nothing but what the arguments say.
      env: { PATH: process.env.PATH, NODE_ENV: 'production' },
    });
    const origin = await openedAt(child);
    // What nobody reads would fill the pipe, and then stop the server.
    if (onLine) createInterface({ input: child.stdout }).on('line', onLine);
    else child.stdout.resume();
    return new ServerProcess(child, origin);
  }

  /** Processor time that it has used; undefined where that cannot be known. */
  async cpuMs(): Promise<number | undefined> {
    return this.#child.pid === undefined ? undefined : processCpuMs(this.#child.pid);
  }

  /** Its memory in bytes, now and at most; undefined where that cannot be known. */
  async memory(): Promise<{ now: number; peak: number } | undefined> {
    return this.#child.pid === undefined ? undefined : processMemory(this.#child.pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

async function openedAt(child: ChildProcess): Promise<string> {
  const opening = new AbortController();
  const timer = setTimeout(() => opening.abort(new Error('The server did not open.')), OPENING_MAX_MS);
  let text = '';
  const ended = once(child, 'exit', { signal: opening.signal }).then(() => {
    throw new Error(`The server ended before it was open: ${text}`);
  });
  try {
    while (true) {
      const [chunk] = await Promise.race([once(child.stdout ?? child, 'data', { signal: opening.signal }), ended]);
      text += String(chunk);
      const origin = /open at (http:\S+)/i.exec(text)?.[1];
      if (origin !== undefined) return origin;
    }
  } finally {
    clearTimeout(timer);
  }
}
