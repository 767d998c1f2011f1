import type pg from 'pg';
import type { Change } from '../../access/activity.ts';
import type { WebhookSettings } from '../../model/channel.ts';
import {
  type LiveWebhook,
  WEBHOOKS_MAX,
  type Webhook,
  type WebhookDefinition,
  type WebhookKey,
  type WebhookStore,
} from '../../webhooks/webhook.ts';
import type { SecretBox } from '../secret-box.ts';
import { announceConfig, lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { readProgress, recoverChannels } from './channels.ts';
import { inTransaction } from './in-transaction.ts';

type Db = Pick<pg.ClientBase, 'query'>;

/** Every change raises the account's configuration version: processes read anew which flows have channels. */
export function createWebhookStore(pool: pg.Pool, box: SecretBox, record: RecordChange = RECORD_NOTHING): WebhookStore {
  const changing = <T>(accountId: string, work: (client: pg.ClientBase) => Promise<T>): Promise<T> =>
    inTransaction(pool, async (client) => {
      await lockAccount(client, accountId);
      const result = await work(client);
      await announceConfig(client, accountId);
      return result;
    });
  return {
    list: (accountId) => readWebhooks(pool, { accountId, webhookId: null }),
    find: (key) => findWebhook(pool, key),
    findLive: (key) => findLive(pool, box, key),
    insert: (key, { definition, secret, now }) =>
      changing(key.accountId, async (client) => {
        const known = await readWebhooks(client, { accountId: key.accountId, webhookId: null });
        if (known.length >= WEBHOOKS_MAX) return null;
        const { rows } = await client.query<WebhookRow>(
          `insert into event_channels as c
             (account_id, id, service, is_active, flow_ids, settings, sealed_secret, created_at, updated_at)
           values ($1, $2, 'webhook', $3, $4, $5, $6, $7, $7) returning ${COLUMNS}`,
          [
            ...[key.accountId, key.webhookId, ...valuesOf(definition)],
            ...[box.seal(secret, webhookContext(key.webhookId)), new Date(now)],
          ],
        );
        return recordRow(client, record, { key, before: null, rows });
      }),
    replace: (key, { definition, now }) =>
      changing(key.accountId, async (client) => {
        const before = await findWebhook(client, key);
        if (!before) return null;
        const { rows } = await client.query<WebhookRow>(
          `update event_channels c set is_active = $3, flow_ids = $4, settings = $5, updated_at = $6,
             next_attempt_at = null, disabled_reason = case when $3 then null else c.disabled_reason end,
             disabled_at = case when $3 then null else c.disabled_at end
            where c.account_id = $1 and c.id = $2 and c.service = 'webhook' returning ${COLUMNS}`,
          [key.accountId, key.webhookId, ...valuesOf(definition), new Date(now)],
        );
        return recordRow(client, record, { key, before, rows });
      }),
    writeSecret: (key, { secret, now }) =>
      changing(key.accountId, async (client) => {
        const { rows } = await client.query<WebhookRow>(
          `update event_channels c set sealed_secret = $3, updated_at = $4, next_attempt_at = null
            where c.account_id = $1 and c.id = $2 and c.service = 'webhook' returning ${COLUMNS}`,
          [key.accountId, key.webhookId, box.seal(secret, webhookContext(key.webhookId)), new Date(now)],
        );
        const webhook = rows[0] ? webhookOf(rows[0]) : null;
        // The documents are the same: the secret is in neither.
        if (webhook) await record(client, key.accountId, { ...changeOf(webhook, webhook), action: 'rotate' });
        return webhook;
      }),
    remove: (key) => changing(key.accountId, (client) => removeWebhook(client, record, key)),
    readState: async (key) => {
      const webhook = await findWebhook(pool, key);
      const [state] = webhook ? await readProgress(pool, key.accountId, { flowId: null, id: key.webhookId }) : [];
      return webhook && state ? { webhook, progress: state.progress } : null;
    },
    recover: (key, { since, now }) =>
      inTransaction(pool, async (client) =>
        (await findWebhook(client, key))
          ? recoverChannels(client, key.accountId, { ids: [key.webhookId], since, now })
          : null,
      ),
  };
}

/** What a lead adds that ends meanwhile goes with the nightly sweep of the outbox. */
async function removeWebhook(client: pg.ClientBase, record: RecordChange, key: WebhookKey): Promise<Webhook | null> {
  const webhook = await findWebhook(client, key);
  if (!webhook) return null;
  const values = [key.accountId, key.webhookId];
  await client.query('delete from event_channels where account_id = $1 and id = $2', values);
  await client.query('delete from outbox where account_id = $1 and channel_id = $2', values);
  await client.query('delete from channel_faults where account_id = $1 and channel_id = $2', values);
  await record(client, key.accountId, changeOf(webhook, null));
  return webhook;
}

async function recordRow(
  client: pg.ClientBase,
  record: RecordChange,
  { key, before, rows }: { key: WebhookKey; before: Webhook | null; rows: WebhookRow[] },
): Promise<Webhook | null> {
  const webhook = rows[0] ? webhookOf(rows[0]) : null;
  if (webhook) await record(client, key.accountId, changeOf(before, webhook));
  return webhook;
}

function changeOf(before: Webhook | null, after: Webhook | null): Change {
  const webhook = after ?? before;
  return {
    kind: 'webhook',
    action: before === null ? 'create' : after === null ? 'delete' : 'update',
    subject: { id: webhook?.id ?? '', name: webhook?.name ?? null },
    before: before && { document: before },
    after: after && { document: after },
  };
}

const COLUMNS =
  'c.id, c.is_active, c.flow_ids, c.settings, c.disabled_reason, c.disabled_at, c.created_at, c.updated_at';

interface WebhookRow {
  id: string;
  is_active: boolean;
  flow_ids: string[] | null;
  settings: WebhookSettings;
  disabled_reason: string | null;
  disabled_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

function webhookOf(row: WebhookRow): Webhook {
  const { name, url, types, outcomes } = row.settings;
  return {
    ...{ id: row.id, name, url, enabled: row.is_active, flow_ids: row.flow_ids ?? [], types, outcomes },
    ...{ disabled_reason: row.disabled_reason, disabled_at: row.disabled_at?.toISOString() ?? null },
    ...{ created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString() },
  };
}

function valuesOf({ enabled, flow_ids: flowIds, name, url, types, outcomes }: WebhookDefinition): unknown[] {
  return [enabled, flowIds.length === 0 ? null : flowIds, JSON.stringify({ name, url, types, outcomes })];
}

async function findWebhook(db: Db, key: WebhookKey): Promise<Webhook | null> {
  const [webhook] = await readWebhooks(db, key);
  return webhook ?? null;
}

/** One or all of an account, along the primary key. */
async function readWebhooks(
  db: Db,
  { accountId, webhookId }: { accountId: string; webhookId: string | null },
): Promise<Webhook[]> {
  const { rows } = await db.query<WebhookRow>(
    `select ${COLUMNS} from event_channels c
      where c.account_id = $1 and c.id = coalesce($2, c.id) and c.service = 'webhook'
      order by c.settings ->> 'name', c.id`,
    [accountId, webhookId],
  );
  return rows.map(webhookOf);
}

/** By primary key. */
async function findLive(db: Db, box: SecretBox, key: WebhookKey): Promise<LiveWebhook | null> {
  const { rows } = await db.query<{ settings: WebhookSettings; sealed_secret: Buffer }>(
    `select settings, sealed_secret from event_channels where account_id = $1 and id = $2 and service = 'webhook'`,
    [key.accountId, key.webhookId],
  );
  const [row] = rows;
  if (!row) return null;
  const { url, types, outcomes } = row.settings;
  return { ...key, url, types, outcomes, secret: box.open(row.sealed_secret, webhookContext(key.webhookId)) };
}

/** Where the sealed secret of a webhook belongs. */
export function webhookContext(webhookId: string): string {
  return `webhook:${webhookId}`;
}
