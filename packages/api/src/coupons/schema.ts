import { DISCOUNT_TYPES, type DiscountType } from '@baguni/db';
import { z } from 'zod';
import { expectedVersion, id, instant, type Mutation, mutation, name, type Schema } from '../fields.ts';
import { PRICE_MAX } from '../limits.ts';
import { type PageInput, pageInput } from '../pages.ts';

/** How many of one coupon may be handed out at most. */
const COUPON_QUANTITY_MAX = 1_000_000_000;

/** A discount that is handed out first come, first served. */
export interface CouponView {
  id: number;
  name: string;
  /** FIXED takes an amount off, PERCENT a part of the order's total. */
  discountType: DiscountType;
  /** An amount for FIXED, 1 to 100 for PERCENT. */
  discountValue: number;
  /** What a PERCENT coupon takes off at most; `null` for no limit. */
  maxDiscountAmount: number | null;
  /** What an order must total at least; `null` for no minimum. */
  minOrderAmount: number | null;
  /** How many there are to claim. */
  totalQuantity: number;
  /** How many were claimed. */
  issuedQuantity: number;
  /** How many of those were used. */
  usedQuantity: number;
  /** When it can first be claimed; `null` for at once. */
  startsAt: Date | null;
  /** From when on it can be neither claimed nor used; `null` for never. */
  expiresAt: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const couponView: Schema<CouponView> = z.strictObject({
  id: z.int(),
  name: z.string(),
  discountType: z.enum(DISCOUNT_TYPES),
  discountValue: z.int(),
  maxDiscountAmount: z.int().nullable(),
  minOrderAmount: z.int().nullable(),
  totalQuantity: z.int(),
  issuedQuantity: z.int(),
  usedQuantity: z.int(),
  startsAt: z.date().nullable(),
  expiresAt: z.date().nullable(),
  version: z.int(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

/** A coupon in one user's hands. */
export interface UserCouponView {
  id: number;
  userId: number;
  couponId: number;
  issuedAt: Date;
  /** From when on it cannot be used; `null` for never. */
  expiresAt: Date | null;
  used: boolean;
  usedAt: Date | null;
  /** The order that it was used for. */
  orderId: number | null;
  /** When an admin took it back; it can no longer be used. */
  revokedAt: Date | null;
  version: number;
}

const userCouponFields = {
  id: z.int(),
  userId: z.int(),
  couponId: z.int(),
  issuedAt: z.date(),
  expiresAt: z.date().nullable(),
  used: z.boolean(),
  usedAt: z.date().nullable(),
  orderId: z.int().nullable(),
  revokedAt: z.date().nullable(),
  version: z.int(),
};

export const userCouponView: Schema<UserCouponView> = z.strictObject(userCouponFields);

/** A coupon in the caller's hands, with what it takes off. */
export interface MyCouponView extends UserCouponView {
  coupon: CouponView;
}

export const myCouponView: Schema<MyCouponView> = z.strictObject({ ...userCouponFields, coupon: couponView });

export interface CreateCouponInput extends Mutation {
  /** 1 to 200 characters. */
  name: string;
  /** FIXED takes `discountValue` off, PERCENT that many percent of the order's total. */
  discountType: DiscountType;
  /** 1 to 1,000,000,000 for FIXED, 1 to 100 for PERCENT. */
  discountValue: number;
  /** What a PERCENT coupon takes off at most. */
  maxDiscountAmount?: number | undefined;
  /** What an order must total at least. */
  minOrderAmount?: number | undefined;
  /** How many there are to claim, 1 to 1,000,000,000. */
  totalQuantity: number;
  /** When it can first be claimed. */
  startsAt?: Date | undefined;
  /** From when on it can be neither claimed nor used; later than `startsAt`. */
  expiresAt?: Date | undefined;
}

const amount = () => z.int().min(1).max(PRICE_MAX);

export const createCouponInput: Schema<CreateCouponInput> = z
  .strictObject({
    name: name(200),
    discountType: z.enum(DISCOUNT_TYPES),
    discountValue: amount(),
    maxDiscountAmount: amount().optional(),
    minOrderAmount: amount().optional(),
    totalQuantity: z.int().min(1).max(COUPON_QUANTITY_MAX),
    startsAt: instant().optional(),
    expiresAt: instant().optional(),
    ...mutation,
  })
  .refine(({ discountType, discountValue }) => discountType === 'FIXED' || discountValue <= 100, {
    path: ['discountValue'],
    message: 'Must be at most 100 for PERCENT.',
  })
  .refine(({ startsAt, expiresAt }) => !startsAt || !expiresAt || startsAt < expiresAt, {
    path: ['expiresAt'],
    message: 'Must be later than startsAt.',
  });

export interface UpdateCouponInput extends Mutation {
  couponId: number;
  /** The version that the change is meant for; any version if none is named. */
  expectedVersion?: number | undefined;
  /** 1 to 200 characters. */
  name?: string | undefined;
  /** What a PERCENT coupon takes off at most; `null` for no limit. */
  maxDiscountAmount?: number | null | undefined;
  /** What an order must total at least; `null` for no minimum. */
  minOrderAmount?: number | null | undefined;
  /** How many there are to claim; never fewer than were issued. */
  totalQuantity?: number | undefined;
  /** When it can first be claimed; `null` for at once. */
  startsAt?: Date | null | undefined;
  /** From when on it can be claimed no more; `null` for never. What was issued before keeps its own end. */
  expiresAt?: Date | null | undefined;
}

// What a coupon takes off is what its holders were promised, so no field here changes it.
export const updateCouponInput: Schema<UpdateCouponInput> = z.strictObject({
  couponId: id(),
  expectedVersion: expectedVersion(),
  name: name(200).optional(),
  maxDiscountAmount: amount().nullable().optional(),
  minOrderAmount: amount().nullable().optional(),
  totalQuantity: z.int().min(1).max(COUPON_QUANTITY_MAX).optional(),
  startsAt: instant().nullable().optional(),
  expiresAt: instant().nullable().optional(),
  ...mutation,
});

export interface IssueCouponInput extends Mutation {
  couponId: number;
  /** Who gets it. */
  userId: number;
}

export const issueCouponInput: Schema<IssueCouponInput> = z.strictObject({ couponId: id(), userId: id(), ...mutation });

export interface RevokeCouponInput extends Mutation {
  /** The coupon in the user's hands. */
  userCouponId: number;
  /** The version that the change is meant for; any version if none is named. */
  expectedVersion?: number | undefined;
}

export const revokeCouponInput: Schema<RevokeCouponInput> = z.strictObject({
  userCouponId: id(),
  expectedVersion: expectedVersion(),
  ...mutation,
});

export interface CouponIdInput {
  couponId: number;
}

export const couponIdInput: Schema<CouponIdInput> = z.strictObject({ couponId: id() });

export interface ClaimCouponInput extends Mutation {
  couponId: number;
}

export const claimCouponInput: Schema<ClaimCouponInput> = z.strictObject({ couponId: id(), ...mutation });

export const listCouponsInput: Schema<PageInput | undefined> = z.strictObject(pageInput).optional();
