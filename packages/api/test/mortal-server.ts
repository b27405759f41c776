import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { addressOf, MAIN } from './servers.ts';

/** A server process that a test kills without a warning and starts again. */
export class MortalServer {
  /** How often it was killed. */
  deaths = 0;
  readonly #environment: NodeJS.ProcessEnv;
  #process: ChildProcess | undefined;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = { ...process.env, DEMO: 'false', ...environment };
  }

  /** Gives its address, another one after each start. */
  async start(): Promise<string> {
    this.#process = spawn(process.execPath, [MAIN, '--port', '0'], {
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return addressOf(this.#process);
  }

  /** Ends it at once, with whatever is under way. */
  async kill(): Promise<void> {
    const server = this.#process;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
    this.deaths++;
  }
}
