import { p } from '@mikro-orm/core';

/** The diagrams' integer ids, 64-bit in the database. */
export const id = () => p.bigint('number').primary();

/** Money or points, in the smallest unit of the shop's one currency. */
export const amount = () => p.bigint('number');

/** A count of pieces. */
export const quantity = () => p.bigint('number');

/** Raised by each change of an aggregate root, so that a client can say which state it saw. */
export const version = () => p.bigint('number');

// Milliseconds: what a JavaScript Date holds, so that a keyset cursor compares equal to the stored value.
export const instant = () => p.datetime(3);

export const timestamps = { createdAt: instant(), updatedAt: instant() };
