import type { WebhookSettings } from '../model/channel.ts';
import type { ChannelProgress } from '../outbox/channel.ts';

/** Webhooks of one account; each settlement looks at all of them. */
export const WEBHOOKS_MAX = 50;
export const WEBHOOK_FLOWS_MAX = 100;

/** A webhook as its owner sets it. */
export interface WebhookDefinition extends WebhookSettings {
  enabled: boolean;
  /** Empty: of every flow of the account. */
  flow_ids: readonly string[];
}

export interface Webhook extends WebhookDefinition {
  id: string;
  /** Why the receiver ended it; null: it did not. */
  disabled_reason: string | null;
  disabled_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface WebhookKey {
  accountId: string;
  webhookId: string;
}

/** What sending needs. `secret` null: it cannot be read. */
export interface LiveWebhook extends WebhookKey, Pick<WebhookSettings, 'url' | 'types' | 'outcomes'> {
  secret: string | null;
}

/** Times are epoch ms. */
export interface WebhookStore {
  list(accountId: string): Promise<Webhook[]>;
  find(key: WebhookKey): Promise<Webhook | null>;
  findLive(key: WebhookKey): Promise<LiveWebhook | null>;
  /** null: the account has as many as it may have. */
  insert(
    key: WebhookKey,
    made: { definition: WebhookDefinition; secret: string; now: number },
  ): Promise<Webhook | null>;
  /** One that is enabled is tried at once, and no receiver has ended it any more. null: there is none. */
  replace(key: WebhookKey, made: { definition: WebhookDefinition; now: number }): Promise<Webhook | null>;
  writeSecret(key: WebhookKey, made: { secret: string; now: number }): Promise<Webhook | null>;
  /** With all that waits for it. */
  remove(key: WebhookKey): Promise<Webhook | null>;
  readState(key: WebhookKey): Promise<{ webhook: Webhook; progress: ChannelProgress } | null>;
  /** Sends again what was set aside since then; returns how many rows; null: there is no such webhook. */
  recover(key: WebhookKey, request: { since: number; now: number }): Promise<number | null>;
}
