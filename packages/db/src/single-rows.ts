import type { EntityClass } from '@mikro-orm/core';
import type { Row } from './read-rows.ts';
import type { Identified } from './unit-of-work/rows.ts';

/** How many statements for one kind of row are under way at once. */
const STATEMENTS_MAX = 2;

/** Reads all of the rows that have one of these ids. */
type ReadByIds = (type: EntityClass<Identified>, ids: readonly number[]) => Promise<readonly Row<Identified>[]>;

/**
 * Reads single rows for many callers at once, as commands share a commit: while statements are under way, the next one
 * gathers. It is begun after everybody in it has asked, so nobody is told what was before; a lone caller does not wait.
 */
export class SingleRows {
  readonly #read: ReadByIds;
  readonly #kinds = new Map<EntityClass<Identified>, Kind>();

  constructor(read: ReadByIds) {
    this.#read = read;
  }

  async one<Entity extends Identified>(type: EntityClass<Entity>, id: number): Promise<Row<Entity> | undefined> {
    const kind = this.#kinds.get(type) ?? new Kind((ids) => this.#read(type, ids));
    this.#kinds.set(type, kind);
    // What reads rows of a kind reads no others.
    return (await kind.one(id)) as Row<Entity> | undefined;
  }
}

interface Gathering {
  readonly ids: Set<number>;
  readonly rows: PromiseWithResolvers<ReadonlyMap<number, Row<Identified>>>;
}

class Kind {
  readonly #read: (ids: readonly number[]) => ReturnType<ReadByIds>;
  #gathering: Gathering | undefined;
  #underWay = 0;

  constructor(read: (ids: readonly number[]) => ReturnType<ReadByIds>) {
    this.#read = read;
  }

  async one(id: number): Promise<Row<Identified> | undefined> {
    this.#gathering ??= this.#gather();
    this.#gathering.ids.add(id);
    return (await this.#gathering.rows.promise).get(id);
  }

  #gather(): Gathering {
    // Calls that arrive in one turn of the event loop go together.
    if (this.#underWay < STATEMENTS_MAX) setImmediate(() => this.#start());
    return { ids: new Set(), rows: Promise.withResolvers() };
  }

  #start(): void {
    const gathering = this.#gathering;
    if (!gathering || this.#underWay >= STATEMENTS_MAX) return;
    this.#gathering = undefined;
    this.#underWay++;
    const { resolve, reject } = gathering.rows;
    void this.#read([...gathering.ids])
      .then((rows) => resolve(new Map(rows.map((row) => [row.id, row]))), reject)
      .finally(() => {
        this.#underWay--;
        this.#start();
      });
  }
}
