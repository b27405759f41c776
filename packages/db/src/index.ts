export type { SqlEntityManager as EntityManager } from '@mikro-orm/sql';
export { Database, openDatabase } from './database.ts';
export * from './entities/index.ts';
export { DomainError, type Reason, type ReasonDetails } from './errors.ts';
export { type Actor, principalOf } from './unit-of-work/actor.ts';
export type { Changes, Fields, NewEvent } from './unit-of-work/changes.ts';
export { type Command, command, type Loaded, type Loading } from './unit-of-work/command.ts';
export type { Pending, Rows, Where } from './unit-of-work/rows.ts';
export { type Call, UnitOfWork, type UnitOfWorkOptions } from './unit-of-work/unit-of-work.ts';
