import { ApiKey, command } from '@baguni/db';

/** Accepts a key, known by its hash, as an admin's. A key that is known already stays as it is. */
export const acceptApiKey = command({
  name: 'apiKeys.accept',
  load: (rows, { hash }: { name: string; hash: string }) => ({ known: rows.find(ApiKey, { hash }) }),
  decide: ({ known }, { name, hash }, changes) => {
    const { id } = known ?? changes.add(ApiKey, { name, hash, revokedAt: null });
    return { apiKeyId: id };
  },
});
