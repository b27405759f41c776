import type { Actor } from '@baguni/db';
import type { Shop } from './shop.ts';

/** What a procedure knows of the call that it answers. No EntityManager lives here: the calls of a batch share it. */
export interface Context {
  readonly shop: Shop;
  readonly actor: Actor;
  /** Finds the call in the server's log. */
  readonly requestId: string;
}
