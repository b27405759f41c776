import pg from 'pg';
import { checkCap } from '../books.ts';
import { CAP } from '../shop/size.ts';
import type { Stand } from '../stand.ts';

/** Many more want a coupon than there are; throws unless exactly as many get it, and all others are refused. */
export async function claimUntilGone(stand: Stand): Promise<void> {
  const everybody = CAP * 4;
  const scenario = { job: 'claim-capped', connections: 64, processes: 1, callsPerRequest: 1 } as const;
  // No time is set: it ends when everybody has asked.
  const { operations, refused } = await stand.measure(scenario, Number.MAX_SAFE_INTEGER, everybody);
  if (operations.claim !== CAP || refused !== everybody - CAP) {
    throw new Error(`${stand.name} gave ${operations.claim} of ${CAP} coupons and refused ${refused}.`);
  }
  const client = new pg.Client({ connectionString: stand.databaseUrl });
  await client.connect();
  await checkCap(client);
  await client.end();
  await stand.settle();
}
