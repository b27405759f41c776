import { defineEntity, p } from '@mikro-orm/core';
import { id, timestamps } from './columns.ts';

const PROVIDER_WEBHOOK_OUTCOMES = ['ACCEPTED', 'REFUSED'] as const;

const ProviderWebhookSchema = defineEntity({
  name: 'ProviderWebhook',
  tableName: 'provider_webhooks',
  properties: {
    id: id(),
    method: p.string().length(50),
    // The provider's own id of the message; unknown where the message could not be trusted.
    messageId: p.string().length(255).nullable(),
    outcome: p.enum(PROVIDER_WEBHOOK_OUTCOMES),
    // Why it was refused, or what it led to.
    detail: p.string().length(255),
    ...timestamps,
  },
  uniques: [
    {
      name: 'provider_webhooks_accepted_unique',
      properties: ['method', 'messageId'],
      where: { outcome: 'ACCEPTED' },
    },
  ],
});

/** A message from a payment provider: each is taken once, and what was refused can be looked up. */
export class ProviderWebhook extends ProviderWebhookSchema.class {}

ProviderWebhookSchema.setClass(ProviderWebhook);
