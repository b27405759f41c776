export { raw } from '@mikro-orm/core';
export type { SqlEntityManager as EntityManager } from '@mikro-orm/sql';
export { Database, type DatabaseOptions, openDatabase, openDatabaseFrom } from './database.ts';
export type { Interceptor, PassingStatement, StatementResult } from './engines/interceptor.ts';
export * from './entities/index.ts';
export { DomainError, type Reason, type ReasonDetails } from './errors.ts';
export {
  AGGREGATE_TYPES,
  type AggregateType,
  EVENT_VERSIONS,
  type EventPayloads,
  type EventType,
  type NewEvent,
} from './events.ts';
export type { ReadOptions, ReadWhere, Row } from './read-rows.ts';
export { branch } from './read-tree.ts';
export { DEFAULT_SETTINGS, type ShopSettings } from './settings.ts';
export { superjsonForm } from './superjson-form.ts';
export { textBeginsWith, textContains } from './text-search.ts';
export { type Actor, principalOf } from './unit-of-work/actor.ts';
export type { Changes, Fields } from './unit-of-work/changes.ts';
export { type Command, command, type Loaded, type Loading } from './unit-of-work/command.ts';
export type { Asked, Pending, Rows, Where } from './unit-of-work/rows.ts';
export { type Call, UnitOfWork, type UnitOfWorkOptions } from './unit-of-work/unit-of-work.ts';
