import { defineEntity, p } from '@mikro-orm/core';
import { id, instant, timestamps } from './columns.ts';

const ApiKeySchema = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  properties: {
    id: id(),
    name: p.string().length(100),
    // SHA-256 of the key: the key itself has 256 random bits, so no slow hash is needed, and it is never stored.
    hash: p.string().length(64).unique('api_keys_hash_unique'),
    revokedAt: instant().nullable(),
    ...timestamps,
  },
});

/** An admin's key, known only by its hash. */
export class ApiKey extends ApiKeySchema.class {}

ApiKeySchema.setClass(ApiKey);
