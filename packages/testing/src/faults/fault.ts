import type { Inputs } from '@baguni/sdk';

/** A procedure as a client calls it, such as `orders.place`. */
export type ProcedurePath = {
  [Feature in keyof Inputs & string]: `${Feature}.${keyof Inputs[Feature] & string}`;
}[keyof Inputs & string];

/** What a test says about a fault. */
export interface FaultOptions {
  /** How often it strikes: once unless said otherwise, or `'every'` time until `end()`. */
  readonly times?: number | 'every';
  /** Strikes only what carries a call of this procedure; whatever comes next unless said otherwise. */
  readonly on?: ProcedurePath;
}

/** A fault that waits for its moment. One that never strikes fails the test when the engine closes. */
export class Fault {
  /** What the test wrote, for messages. */
  readonly description: string;
  readonly #on: string | undefined;
  readonly #expected: number | 'every';
  #left: number;
  #strikes = 0;

  constructor(name: string, { times = 1, on }: FaultOptions = {}) {
    if (times !== 'every' && !(Number.isInteger(times) && times > 0)) {
      throw new Error(`${name} strikes a whole number of times, not ${times}.`);
    }
    const said = [on && `on: '${on}'`, times !== 1 && `times: ${times === 'every' ? "'every'" : times}`].filter(
      Boolean,
    );
    this.description = `${name}(${said.length > 0 ? `{ ${said.join(', ')} }` : ''})`;
    this.#on = on;
    this.#expected = times;
    this.#left = times === 'every' ? Number.POSITIVE_INFINITY : times;
  }

  /** How often it has struck. */
  get strikes(): number {
    return this.#strikes;
  }

  /** Whether it has struck at all. */
  get struck(): boolean {
    return this.#strikes > 0;
  }

  /** Whether it has struck less often than the test said. */
  get isUnused(): boolean {
    return this.#expected === 'every' ? !this.struck : this.#strikes < this.#expected;
  }

  /** Strikes no more. */
  end(): void {
    this.#left = 0;
  }

  /** Strikes, if it is meant for one of these procedures and has not struck often enough. */
  strike(procedures: readonly string[]): boolean {
    if (this.#left === 0) return false;
    if (this.#on !== undefined && !procedures.includes(this.#on)) return false;
    this.#left--;
    this.#strikes++;
    return true;
  }
}

/** A fault that holds up what it strikes until the test lets it go on. */
export class HoldingFault extends Fault {
  readonly #reached = Promise.withResolvers<void>();
  readonly #released = Promise.withResolvers<void>();

  /** Settles once something is held up. */
  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  /** Lets everything go on that is held up, and holds up nothing more. */
  release(): void {
    super.end();
    this.#released.resolve();
  }

  override end(): void {
    this.release();
  }

  /** Settles when the test lets it go on. */
  hold(): Promise<void> {
    this.#reached.resolve();
    return this.#released.promise;
  }
}

/** The faults that wait at one place, such as the wire: whichever was armed first strikes first. */
export class ArmedFaults<Kind extends string> {
  readonly #armed: { readonly kind: Kind; readonly fault: Fault }[] = [];

  get all(): readonly Fault[] {
    return this.#armed.map(({ fault }) => fault);
  }

  arm<Armed extends Fault>(kind: Kind, fault: Armed): Armed {
    this.#armed.push({ kind, fault });
    return fault;
  }

  /** The fault of these kinds that strikes now, if one does. */
  strike(kinds: readonly Kind[], procedures: readonly string[]): { kind: Kind; fault: Fault } | undefined {
    return this.#armed.find(({ kind, fault }) => kinds.includes(kind) && fault.strike(procedures));
  }
}
