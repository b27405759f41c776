import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type {
  Answer,
  ClosedLoop,
  FloodResult,
  Idling,
  IdlingResult,
  LoadResult,
  Message,
  OpenLoop,
  OrderKind,
  Orders,
} from './messages.ts';

const PROGRAM = fileURLToPath(new URL('main.ts', import.meta.url));

/** A load generator in a process of its own. It does one thing at a time. */
export class Generator implements AsyncDisposable {
  readonly #process: ChildProcess = fork(PROGRAM, { serialization: 'advanced' });

  closedLoop(order: ClosedLoop): Promise<LoadResult> {
    return this.#run({ kind: 'closed-loop', order });
  }

  openLoop(order: OpenLoop): Promise<FloodResult> {
    return this.#run({ kind: 'open-loop', order });
  }

  idling(order: Idling): Promise<IdlingResult> {
    return this.#run({ kind: 'idling', order });
  }

  async #run<Kind extends OrderKind>(message: Message & { readonly kind: Kind }): Promise<Orders[Kind]['result']> {
    const answer = await this.#answerTo<Kind>(message);
    if ('error' in answer) throw new Error(`The load generator failed: ${answer.error}`);
    return answer.result;
  }

  #answerTo<Kind extends OrderKind>(message: Message & { readonly kind: Kind }): Promise<Answer<Kind>> {
    return new Promise((resolve, reject) => {
      const end = () => reject(new Error('The load generator ended.'));
      this.#process.once('exit', end);
      this.#process.once('message', (answer: Answer<Kind>) => {
        this.#process.off('exit', end);
        resolve(answer);
      });
      this.#process.send(message);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
  }
}
