import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, ClosedLoop, LoadResult, Order } from './messages.ts';

const PROGRAM = fileURLToPath(new URL('main.ts', import.meta.url));

/** A load generator in a process of its own. It does one thing at a time. */
export class Generator implements AsyncDisposable {
  readonly #process: ChildProcess = fork(PROGRAM);

  async run(load: ClosedLoop): Promise<LoadResult> {
    const order: Order = { kind: 'closed-loop', load };
    const answer = await this.#answerTo(order);
    if ('error' in answer) throw new Error(`The load generator failed: ${answer.error}`);
    return answer.result;
  }

  #answerTo(order: Order): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const end = () => reject(new Error('The load generator ended.'));
      this.#process.once('exit', end);
      this.#process.once('message', (answer: Answer) => {
        this.#process.off('exit', end);
        resolve(answer);
      });
      this.#process.send(order);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
  }
}
