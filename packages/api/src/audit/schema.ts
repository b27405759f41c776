import { z } from 'zod';
import type { Schema } from '../fields.ts';

/** A row that does not agree with its history. */
export interface Difference {
  /** Which promise is broken: I1 to I10, as `docs/domain.md` lists them. */
  invariant: string;
  /** The row, by table and id. */
  table: string;
  id: number;
  /** What is wrong with it. */
  problem: string;
  /** What the history makes of it, and what the row says, where one number is wrong; else `null`. */
  expected: number | null;
  found: number | null;
}

/** What was found of one promise. */
interface InvariantView {
  invariant: string;
  /** How many checks were made of it. */
  checks: number;
  /** How many rows differ, up to 100 for each check. */
  differences: number;
}

/** What recomputing every invariant from history has shown. */
export interface AuditView {
  /** Whether everything agrees. */
  clean: boolean;
  /** How many checks were made. */
  checks: number;
  /** The same for each promise. */
  invariants: InvariantView[];
  /** The rows that differ, up to 100 for each check. */
  differences: Difference[];
}

export const auditView: Schema<AuditView> = z.strictObject({
  clean: z.boolean(),
  checks: z.int(),
  invariants: z.array(z.strictObject({ invariant: z.string(), checks: z.int(), differences: z.int() })),
  differences: z.array(
    z.strictObject({
      invariant: z.string(),
      table: z.string(),
      id: z.int(),
      problem: z.string(),
      expected: z.number().nullable(),
      found: z.number().nullable(),
    }),
  ),
});
