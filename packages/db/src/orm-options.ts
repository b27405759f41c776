import type { Options } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import type { AbstractSqlDriver } from '@mikro-orm/sql';
import type { Engine } from './engines/engine.ts';
import { entities } from './entities/index.ts';
import { WriteGuard } from './unit-of-work/write-guard.ts';

/** The ORM's settings, the same for the engine that serves and for the ORM's own command line. */
export function ormOptions(engine: Engine): Partial<Options<AbstractSqlDriver>> {
  return {
    ...engine.options,
    entities: entities,
    extensions: [Migrator],
    subscribers: [new WriteGuard()],
    forceUtcTimezone: true,
    // Rows are inserted before they are referred to, and never deleted with their children by accident.
    schemaGenerator: { defaultUpdateRule: 'no action', defaultDeleteRule: 'no action' },
    migrations: { snapshot: false, emit: 'ts', silent: true, ...engine.options.migrations },
  };
}
