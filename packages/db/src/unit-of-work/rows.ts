import type { EntityClass } from '@mikro-orm/core';
import type { Circumstances } from '../settings.ts';

/** What every row that a command can ask for has. */
export interface Identified {
  id: number;
}

/** A value that a row is looked up by. */
export type KeyValue = string | number | null;

/** The values that a field has in rows that were asked for, whether or not they are here yet. */
export interface Each<Value> {
  /** As they are now, changes of earlier commands included. */
  values(): Value[];
}

/** A value, what other rows say that it is, or several of these. */
type Wanted<Value> = Value | Each<Value> | readonly (Value | Each<Value>)[];

/** Which rows: each named column equals the value, or one of the values. */
export type Where<Entity> = {
  [Column in keyof Entity]?: Wanted<Extract<Entity[Column], KeyValue>>;
};

/**
 * The rows that a command asks for. They are fetched together with those of all other commands
 * in the transaction: one query for each kind of row.
 *
 * What `load` returns is looked up again when the decision is made, so that it shows what earlier commands of the same
 * transaction did. Where rows name further rows, say so with `each`, and all of them are asked for at once; await rows
 * only to decide by them what else to ask for.
 */
export interface Rows extends Circumstances {
  /** A row to read. Another transaction may change it at the same time. */
  find<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>): Asked<Entity, Entity | undefined>;
  /** Rows to read, in order of id. */
  findAll<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>): Asked<Entity, Entity[]>;
  /** A row to change: nobody else changes it until this transaction ends. */
  lock<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>): Asked<Entity, Entity | undefined>;
  /** Rows to change, in order of id. */
  lockAll<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>): Asked<Entity, Entity[]>;
}

/** Rows that were asked for. Awaiting it gives them as they are in the database. */
export interface Pending<Value> extends PromiseLike<Value> {
  /** Settles once the rows are here. Unlike awaiting them, it does not say that the load goes by them. */
  arrival(): Promise<void>;
  /** The rows as they are now, changes of earlier commands included. */
  current(): Value;
}

/** The fields of a row whose values others may be looked up by. */
export type KeyField<Entity> = {
  [Field in keyof Entity]-?: NonNullable<Entity[Field]> extends NonNullable<KeyValue> ? Field : never;
}[keyof Entity];

/** The values that a field has, where it has one. */
export type FieldValue<Entity, Field extends keyof Entity> = Exclude<Extract<Entity[Field], KeyValue>, null>;

/** Rows of a kind that were asked for. */
export interface Asked<Entity, Value> extends Pending<Value> {
  /** What a field holds in each of them, to ask for further rows with. Where it is null, a row names no others. */
  each<Field extends KeyField<Entity>>(field: Field): Each<FieldValue<Entity, Field>>;
}
