import type { EntityClass } from '@mikro-orm/core';
import type { Circumstances } from '../settings.ts';

/** What every row that a command can ask for has. */
export interface Identified {
  id: number;
}

/** A value that a row is looked up by. */
export type KeyValue = string | number | null;

/** Which rows: each named column equals the value, or one of the values. */
export type Where<Entity> = {
  [Column in keyof Entity]?: Extract<Entity[Column], KeyValue> | readonly Extract<Entity[Column], KeyValue>[];
};

/**
 * The rows that a command asks for. They are fetched together with those of all other commands
 * in the transaction: one query for each kind of row.
 *
 * What `load` returns unawaited is looked up again when the decision is made, so that it shows what
 * earlier commands of the same transaction did. Await a row in `load` only to find further rows with it.
 */
export interface Rows extends Circumstances {
  /** A row to read. Another transaction may change it at the same time. */
  find<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>): Pending<Entity | undefined>;
  /** Rows to read, in order of id. */
  findAll<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>): Pending<Entity[]>;
  /** A row to change: nobody else changes it until this transaction ends. */
  lock<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>): Pending<Entity | undefined>;
  /** Rows to change, in order of id. */
  lockAll<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>): Pending<Entity[]>;
}

/** Rows that were asked for. Awaiting it gives them as they are in the database. */
export interface Pending<Value> extends PromiseLike<Value> {
  /** Settles once the rows are here. Unlike awaiting them, it does not say that the load goes by them. */
  arrival(): Promise<void>;
  /** The rows as they are now, changes of earlier commands included. */
  current(): Value;
}
