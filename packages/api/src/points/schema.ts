import { POINT_CHARGE_STATUSES, POINT_ENTRY_TYPES, type PointChargeStatus, type PointEntryType } from '@baguni/db';
import { z } from 'zod';
import { id, instant, type Mutation, mutation, name, type Schema } from '../fields.ts';
import { CHARGE_MAX } from '../limits.ts';
import { type PageInput, pageInput } from '../pages.ts';
import { paymentMethod, providerToken } from '../payments/schema.ts';

/** One movement of points. */
export interface PointEntryView {
  id: number;
  userId: number;
  /** CHARGE adds points, USE spends them on an order, REFUND gives them back, ADJUST corrects by hand. */
  type: PointEntryType;
  /** Points added; negative when spent or taken off. */
  amount: number;
  /** What the wallet held after this entry. */
  balanceAfter: number;
  /** The order that the points were spent on or came back from. */
  orderId: number | null;
  /** Why an admin adjusted the balance. */
  reason: string | null;
  createdAt: Date;
}

export const pointEntryView: Schema<PointEntryView> = z.strictObject({
  id: z.int(),
  userId: z.int(),
  type: z.enum(POINT_ENTRY_TYPES),
  amount: z.int(),
  balanceAfter: z.int(),
  orderId: z.int().nullable(),
  reason: z.string().nullable(),
  createdAt: z.date(),
});

/** What a wallet holds. */
export interface BalanceView {
  userId: number;
  balance: number;
  /** Raised by each entry. */
  version: number;
}

export const balanceView: Schema<BalanceView> = z.strictObject({
  userId: z.int(),
  balance: z.int(),
  version: z.int(),
});

export interface ChargePointsInput extends Mutation {
  userId: number;
  /** Points to add, 1 to 1,000,000,000. */
  amount: number;
}

export const chargePointsInput: Schema<ChargePointsInput> = z.strictObject({
  userId: id(),
  amount: z.int().min(1).max(CHARGE_MAX),
  ...mutation,
});

export interface AdjustPointsInput extends Mutation {
  userId: number;
  /** Points to add, or to take off when negative, up to 1,000,000,000; not 0. */
  amount: number;
  /** Why, for whoever reads the history: 1 to 200 characters. */
  reason: string;
}

export const adjustPointsInput: Schema<AdjustPointsInput> = z.strictObject({
  userId: id(),
  amount: z
    .int()
    .min(-CHARGE_MAX)
    .max(CHARGE_MAX)
    .refine((amount) => amount !== 0, 'Must not be 0.'),
  reason: name(200),
  ...mutation,
});

export interface BuyPointsInput extends Mutation {
  /** Points to buy, 1 to 1,000,000,000; each costs one unit of the shop's currency. */
  amount: number;
  /** Which of the shop's payment providers collects it: `test` in a demo shop. */
  method: string;
  /** What the provider gave the customer's page: it stands for a card, or for an agreement to pay. */
  token?: string | undefined;
}

export const buyPointsInput: Schema<BuyPointsInput> = z.strictObject({
  amount: z.int().min(1).max(CHARGE_MAX),
  method: paymentMethod(),
  token: providerToken(),
  ...mutation,
});

/** A purchase of points. */
export interface PointChargeView {
  id: number;
  userId: number;
  method: string;
  amount: number;
  /** PENDING until it is PAID or FAILED; once PAID, the points are in the wallet. */
  status: PointChargeStatus;
  /** The payment provider's own id. */
  transactionId: string | null;
  /** Why it FAILED; of one that is PENDING, why what the provider said was not believed. */
  failureReason: string | null;
  /** Where the customer goes on, while it is PENDING and the provider wants to see them. */
  nextUrl: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const pointChargeView: Schema<PointChargeView> = z.strictObject({
  id: z.int(),
  userId: z.int(),
  method: z.string(),
  amount: z.int(),
  status: z.enum(POINT_CHARGE_STATUSES),
  transactionId: z.string().nullable(),
  failureReason: z.string().nullable(),
  nextUrl: z.string().nullable(),
  version: z.int(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

/** A customer asks for their own wallet; an admin names the user. */
export interface WalletInput {
  /** Whose wallet; only an admin may name another user than the caller. */
  userId?: number | undefined;
}

export const walletInput: Schema<WalletInput | undefined> = z.strictObject({ userId: id().optional() }).optional();

export interface HistoryInput extends WalletInput, PageInput {
  /** Only entries of this type. */
  type?: PointEntryType | undefined;
  /** Only entries from this moment on. */
  from?: Date | undefined;
  /** Only entries before this moment. */
  to?: Date | undefined;
}

export const historyInput: Schema<HistoryInput | undefined> = z
  .strictObject({
    userId: id().optional(),
    type: z.enum(POINT_ENTRY_TYPES).optional(),
    from: instant().optional(),
    to: instant().optional(),
    ...pageInput,
  })
  .optional();
