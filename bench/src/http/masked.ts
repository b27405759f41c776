/** Ids and times that each server gives by itself. */
const OWN = /^(id|.*At|.*_at|(order|payment|userCoupon|cart)_?Id|(order|payment|user_coupon|cart)_id)$/;

/** A value in which those are replaced by what kind they are, so that two servers' values can be compared. */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, field]) => [name, OWN.test(name) ? kindOf(field) : masked(field)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function kindOf(value: unknown): string {
  return value === null ? 'nothing' : value instanceof Date ? 'string' : typeof value;
}
