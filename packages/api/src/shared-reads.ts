/**
 * Lets callers who ask for the same thing at the same time share one answer, as commands share one commit. Whoever comes
 * while an answer is being made gets the next one: it is begun after they asked, so nobody is told what was before.
 */
export class SharedReads<Answer> {
  readonly #running = new Map<string, Promise<Answer>>();
  readonly #next = new Map<string, Promise<Answer>>();

  /** The answer to a question. Equal questions have equal answers, whoever asks. */
  ask(question: string, read: () => Promise<Answer>): Promise<Answer> {
    const next = this.#next.get(question);
    if (next !== undefined) return next;
    const running = this.#running.get(question);
    if (running === undefined) return this.#start(question, read);
    const afterwards = () => {
      this.#next.delete(question);
      return this.#start(question, read);
    };
    const queued = running.then(afterwards, afterwards);
    this.#next.set(question, queued);
    return queued;
  }

  #start(question: string, read: () => Promise<Answer>): Promise<Answer> {
    const running = read().finally(() => {
      if (this.#running.get(question) === running) this.#running.delete(question);
    });
    this.#running.set(question, running);
    return running;
  }
}
