import pg from 'pg';
import { one } from './database.ts';
import { type Call, callOf, once, recordAnswer, refuse } from './once.ts';
import { Refusal } from './refusal.ts';

interface CouponRow {
  total_quantity: number;
  issued_quantity: number;
  expires_at: Date | null;
  is_started: boolean;
  is_expired: boolean;
  is_held: boolean;
}

const readCoupon = {
  name: 'read-coupon',
  text: `select total_quantity, issued_quantity, expires_at,
      starts_at is null or starts_at <= now() as is_started,
      expires_at is not null and expires_at <= now() as is_expired,
      exists (select from user_coupons where user_id = $2 and coupon_id = $1) as is_held
    from coupons where id = $1`,
};

const addUserCoupon = {
  name: 'add-user-coupon',
  text: `insert into user_coupons (user_id, coupon_id, issued_at, expires_at, version, created_at, updated_at)
    values ($1, $2, now(), $3, 1, now(), now()) returning id, issued_at`,
};

// One statement for the row that everybody wants and the events that tell of it, so that it is held for one round trip.
const issue = {
  name: 'issue-coupon',
  text: `with issued as (
      update coupons set issued_quantity = issued_quantity + 1, version = version + 1, updated_at = now()
      where id = $1 and issued_quantity < total_quantity and (expires_at is null or expires_at > now())
      returning id, version, issued_quantity, total_quantity
    ), told as (
      insert into outbox_events (type, aggregate_type, aggregate_id, aggregate_version, schema_version, payload,
        created_at, updated_at)
      select 'coupon.issued', 'coupon', id, version, 1,
        jsonb_build_object('couponId', id, 'userCouponId', $2::bigint, 'userId', $3::bigint), now(), now()
      from issued
      union all
      select 'coupon.exhausted', 'coupon', id, version, 1,
        jsonb_build_object('couponId', id, 'totalQuantity', total_quantity), now(), now()
      from issued where issued_quantity = total_quantity
    )
    select id from issued`,
};

/** Gives a customer one of a coupon's remaining issues. */
export async function claimCoupon(pool: pg.Pool, userId: number, couponId: number, key: string) {
  const call = callOf('coupons.claim', userId, key, { couponId });
  const coupon = await one<CouponRow>(pool, readCoupon, [couponId, userId]);
  // What is committed already tells most refusals without a transaction: an exhausted coupon stays so.
  const refusal = refusalOf(coupon, couponId);
  if (refusal) return refuse(pool, call, refusal);
  return once(pool, call, (client) => claim(client, userId, couponId, coupon?.expires_at ?? null, call));
}

async function claim(client: pg.ClientBase, userId: number, couponId: number, expiresAt: Date | null, call: Call) {
  const held = await addHeld(client, userId, couponId, expiresAt);
  const answer = {
    id: held.id,
    userId,
    couponId,
    issuedAt: held.issued_at,
    expiresAt,
    used: false,
    usedAt: null,
    orderId: null,
    revokedAt: null,
    version: 1,
  };
  await recordAnswer(client, call, answer);
  const issued = await one(client, issue, [couponId, held.id, userId]);
  if (!issued) throw exhausted(couponId);
  return answer;
}

async function addHeld(client: pg.ClientBase, userId: number, couponId: number, expiresAt: Date | null) {
  try {
    const held = await one<{ id: number; issued_at: Date }>(client, addUserCoupon, [userId, couponId, expiresAt]);
    if (held) return held;
  } catch (error) {
    const isHeld = error instanceof pg.DatabaseError && error.constraint === 'user_coupons_user_id_coupon_id_unique';
    throw isHeld ? alreadyClaimed(couponId) : error;
  }
  throw new Error('The coupon was not added.');
}

function refusalOf(coupon: CouponRow | undefined, couponId: number): Refusal | undefined {
  if (!coupon) return new Refusal(404, 'COUPON_NOT_FOUND', `There is no coupon ${couponId}.`);
  if (!coupon.is_started) return new Refusal(409, 'COUPON_NOT_STARTED', `Coupon ${couponId} has not started.`);
  if (coupon.is_expired) return new Refusal(409, 'COUPON_EXPIRED', `Coupon ${couponId} has expired.`);
  if (coupon.is_held) return alreadyClaimed(couponId);
  return coupon.issued_quantity >= coupon.total_quantity ? exhausted(couponId) : undefined;
}

function alreadyClaimed(couponId: number): Refusal {
  return new Refusal(409, 'COUPON_ALREADY_CLAIMED', `You were given coupon ${couponId} before.`);
}

function exhausted(couponId: number): Refusal {
  return new Refusal(409, 'COUPON_EXHAUSTED', `All of coupon ${couponId} are claimed.`);
}
