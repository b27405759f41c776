import { randomUUID } from 'node:crypto';
import { type Actor, PointCharge } from '@baguni/db';
import { afterIntent } from '../after-intent.ts';
import type { Context } from '../context.ts';
import { methodUnknown, settlementOf } from '../payments/rules.ts';
import type { Owned } from '../procedures.ts';
import type { Shop } from '../shop.ts';
import { answerBuy, recordCharge, startCharge } from './charge-commands.ts';
import { chargeCollectionOf, toPointChargeView } from './rules.ts';
import type { BuyPointsInput, PointChargeView } from './schema.ts';

const SYSTEM: Actor = { kind: 'system' };

/** As a payment: the intent is committed, the provider is asked, its word is committed. */
export async function buyPoints(
  input: BuyPointsInput,
  { shop, actor, userId }: Context & Owned,
): Promise<PointChargeView> {
  const { method, idempotencyKey } = input;
  if (!shop.providers.has(method)) throw methodUnknown(method);
  const attempt = randomUUID();
  const started = await shop.unitOfWork.execute(startCharge(attempt), {
    input: { ...input, userId },
    actor,
    idempotencyKey,
  });
  return afterIntent(() => collect({ ...input, userId }, shop, started.chargeId, started.attempt === attempt));
}

async function collect(
  { userId, method, token }: BuyPointsInput & Owned,
  shop: Shop,
  chargeId: number,
  isFirst: boolean,
): Promise<PointChargeView> {
  const before = await readCharge(shop, chargeId);
  let nextUrl: string | null = null;
  if (before.status === 'PENDING') {
    const collection = { ...chargeCollectionOf(before), token };
    const found = isFirst
      ? ({ status: 'NEVER_HEARD' } as const)
      : await shop.providers.lookUp(method, collection, { isWanted: true });
    const result = found.status === 'NEVER_HEARD' ? await shop.providers.collect(method, collection) : found;
    const settlement = settlementOf(result, collection);
    if (settlement) {
      await shop.unitOfWork.execute(recordCharge, { input: { userId, chargeId, settlement }, actor: SYSTEM });
    }
    if (result.status === 'PENDING') nextUrl = result.nextUrl ?? null;
  }

  // A webhook may have brought the provider's word while its answer was lost.
  const charge = await readCharge(shop, chargeId);
  if (charge.status === 'PENDING') return { ...toPointChargeView(charge), nextUrl };
  return shop.unitOfWork.execute(answerBuy, {
    input: { chargeId },
    actor: SYSTEM,
    idempotencyKey: `buy-answer-${chargeId}`,
  });
}

function readCharge(shop: Shop, chargeId: number): Promise<PointCharge> {
  return shop.read().findOneOrFail(PointCharge, { id: chargeId });
}
