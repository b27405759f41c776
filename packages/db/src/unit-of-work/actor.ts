/** Who makes a call. */
export type Actor =
  | { readonly kind: 'public' }
  | { readonly kind: 'customer'; readonly userId: number }
  | { readonly kind: 'admin'; readonly apiKeyId: number }
  /** The engine itself: sweeps, seeds and other jobs. */
  | { readonly kind: 'system' };

/** Whose idempotency keys a call uses: one caller never meets the keys of another. */
export function principalOf(actor: Actor): string {
  switch (actor.kind) {
    case 'public':
    case 'system':
      return actor.kind;
    case 'customer':
      return `customer:${actor.userId}`;
    case 'admin':
      return `admin:${actor.apiKeyId}`;
  }
}
