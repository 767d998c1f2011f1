import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

export type Account = Awaited<ReturnType<typeof api.readAccount>>;
export type Webhook = Awaited<ReturnType<typeof api.listWebhooks>>[number];
export type WebhookState = Awaited<ReturnType<typeof api.readWebhookState>>;
export type KeptPeriod = Awaited<ReturnType<typeof api.listPeriods>>[number];
export type Hold = Awaited<ReturnType<typeof api.listHolds>>[number];

export const accountQuery = queryOptions({ queryKey: ['account'], queryFn: () => api.readAccount() });
/** Its key begins with the account's: its words have the account's days. */
export const periodsQuery = queryOptions({ queryKey: ['account', 'retention'], queryFn: () => api.listPeriods() });
export const mailQuery = queryOptions({ queryKey: ['mail'], queryFn: () => api.readMailSettings() });
export const statusQuery = queryOptions({ queryKey: ['status'], queryFn: () => api.readStatus() });

const STATE_POLL_MS = 10_000;

export const webhooksQuery = queryOptions({ queryKey: ['webhooks'], queryFn: () => api.listWebhooks() });
export const webhookStateQuery = (id: string) =>
  queryOptions({
    queryKey: ['webhooks', 'state', id],
    queryFn: () => api.readWebhookState(id),
    refetchInterval: STATE_POLL_MS,
  });

export const holdsQuery = queryOptions({ queryKey: ['holds'], queryFn: () => api.listHolds() });
export const receiptsQuery = queryOptions({ queryKey: ['receipts'], queryFn: () => api.listReceipts() });
