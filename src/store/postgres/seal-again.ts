import type pg from 'pg';
import type { SealedAgain } from '../../jobs/job-row.ts';
import type { RotatingBox } from '../secret-box.ts';
import { batchFileContext, batchRowContext } from './batch-contexts.ts';
import { capAlertContext } from './cap-alerts.ts';
import { credentialContext, tokenContext } from './credentials.ts';
import { destinationContext } from './destinations.ts';
import { draftSecretContext } from './flow-drafts.ts';
import { flowSecretContext } from './flow-secrets.ts';
import { CHECK_CONTEXT, SECRET_KEY_CHECK } from './installation.ts';
import { jobFileContext } from './job-files.ts';
import { legalHoldContext } from './legal-holds.ts';
import { postingLinkContext } from './posting-links.ts';
import { pricingServiceContext } from './pricing-services.ts';
import { privacyRequestContext } from './privacy.ts';
import { RECEIPT_KEY, RECEIPT_KEY_CONTEXT } from './receipts.ts';
import { totpContext } from './second-factors.ts';
import { testLeadContext } from './test-leads.ts';
import { webhookContext } from './webhooks.ts';

/** A column whose bytes are encrypted with SLUICE_SECRET_KEY. */
interface SealedColumn {
  table: string;
  column: string;
  /** The primary key; each is a text, `part` of a file a number. */
  key: readonly string[];
  /** Where a value belongs, by the values of `key`. */
  context(key: readonly string[]): string;
  /** Other rows are not encrypted. */
  only?: string;
}

/** All of them; a test compares them with the columns that the database has. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  ...['sealed_secrets', 'sealed_token'].map((column) => ({
    table: 'credentials',
    column,
    key: ['account_id', 'id'],
    context: ([, id = '']: readonly string[]) => (column === 'sealed_token' ? tokenContext(id) : credentialContext(id)),
  })),
  {
    table: 'destinations',
    column: 'sealed_secret',
    key: ['account_id', 'instance_id'],
    context: ([, id = '']) => destinationContext(id),
  },
  {
    table: 'pricing_services',
    column: 'sealed_secret',
    key: ['account_id', 'id'],
    context: ([, id = '']) => pricingServiceContext(id),
  },
  {
    table: 'flow_secrets',
    column: 'sealed_secret',
    key: ['account_id', 'flow_id', 'name'],
    context: ([, flowId = '', name = '']) => flowSecretContext(flowId, name),
  },
  {
    table: 'flow_drafts',
    column: 'sealed_secret',
    key: ['account_id', 'flow_id'],
    context: ([, flowId = '']) => draftSecretContext(flowId),
  },
  {
    table: 'test_leads',
    column: 'sealed_lead',
    key: ['account_id', 'flow_id', 'id'],
    context: ([, , id = '']) => testLeadContext(id),
  },
  {
    table: 'cap_alert_settings',
    column: 'sealed_secret',
    key: ['account_id'],
    context: ([accountId = '']) => capAlertContext(accountId),
  },
  {
    table: 'event_channels',
    column: 'sealed_secret',
    key: ['account_id', 'id'],
    context: ([, id = '']) => webhookContext(id),
  },
  ...['sealed_totp', 'pending_totp'].map((column) => ({
    table: 'users',
    column,
    key: ['account_id', 'id'],
    context: ([, id = '']: readonly string[]) => totpContext(id),
  })),
  {
    table: 'job_files',
    column: 'content',
    key: ['account_id', 'job_id', 'part'],
    context: ([, id = '', part = '']) => jobFileContext(id, Number(part)),
  },
  {
    table: 'batch_rows',
    column: 'content',
    key: ['account_id', 'batch_id', 'id'],
    context: ([, , id = '']) => batchRowContext(id),
  },
  {
    table: 'batch_file_parts',
    column: 'content',
    key: ['account_id', 'file_id', 'part'],
    context: ([, id = '', part = '']) => batchFileContext(id, Number(part)),
  },
  {
    table: 'legal_holds',
    column: 'sealed_subject',
    key: ['account_id', 'id'],
    context: ([, id = '']) => legalHoldContext(id),
  },
  {
    table: 'privacy_requests',
    column: 'sealed_person',
    key: ['account_id', 'id'],
    context: ([, id = '']) => privacyRequestContext(id),
  },
  {
    table: 'posting_links',
    column: 'sealed_token',
    key: ['account_id', 'id'],
    context: ([, id = '']) => postingLinkContext(id),
  },
  {
    table: 'installation',
    column: 'value',
    key: ['name'],
    context: () => RECEIPT_KEY_CONTEXT,
    only: `name = '${RECEIPT_KEY}'`,
  },
  {
    table: 'installation',
    column: 'value',
    key: ['name'],
    context: () => CHECK_CONTEXT,
    only: `name = '${SECRET_KEY_CHECK}'`,
  },
];

/** Rows of one read; a part of a file has up to 1 MiB. */
const BATCH_ROWS = 20;
/** Of a column in one pass; what is left is found by the next. */
const BATCHES_MAX = 100_000;

/**
 * Encrypts with the key of now what only the key of before opens. Each value is replaced only while it is what was read:
 * one that is written meanwhile is encrypted with the key of its writer, and found by the next pass.
 */
export async function sealAgain(pool: pg.Pool, box: RotatingBox): Promise<SealedAgain> {
  const pass = { sealed: 0, unreadable: 0, left: 0 };
  for (const column of SEALED_COLUMNS) {
    for await (const { key, bytes } of readColumn(pool, column)) {
      const context = column.context(key);
      if (box.isCurrent(bytes, context)) continue;
      const opened = box.openBytes(bytes, context);
      if (opened === null) pass.unreadable += 1;
      else if (await replaceValue(pool, { column, key, bytes, sealed: box.sealBytes(opened, context) }))
        pass.sealed += 1;
      else pass.left += 1;
    }
  }
  return pass;
}

/** How many values only the key of before opens; changes nothing. */
export async function countSealedBefore(pool: pg.Pool, box: RotatingBox): Promise<number> {
  let count = 0;
  for (const column of SEALED_COLUMNS) {
    for await (const { key, bytes } of readColumn(pool, column)) {
      const context = column.context(key);
      if (!box.isCurrent(bytes, context) && box.openBytes(bytes, context) !== null) count += 1;
    }
  }
  return count;
}

/** Of all accounts, which share one key: along the primary key, batch by batch. */
async function* readColumn(
  pool: pg.Pool,
  { table, column, key, only = 'true' }: SealedColumn,
): AsyncGenerator<{ key: string[]; bytes: Buffer }> {
  const names = key.join(', ');
  const texts = key.map((name) => `${name}::text`).join(', ');
  const after = key.map((name, index) => `$${index + 1}${name === 'part' ? '::int' : '::text collate "C"'}`).join(', ');
  let last: string[] | null = null;
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const { rows }: { rows: { key: string[]; bytes: Buffer }[] } = await pool.query(
      `select array[${texts}] as key, ${column} as bytes from ${table}
        where ${column} is not null and ${only} ${last === null ? '' : `and (${names}) > (${after})`}
        order by ${names} limit ${BATCH_ROWS}`,
      last ?? [],
    );
    yield* rows;
    if (rows.length < BATCH_ROWS) return;
    last = rows.at(-1)?.key ?? null;
  }
}

async function replaceValue(
  pool: pg.Pool,
  value: { column: SealedColumn; key: readonly string[]; bytes: Buffer; sealed: Buffer },
): Promise<boolean> {
  const { table, column, key } = value.column;
  const isRow = key.map((name, index) => `${name} = $${index + 3}`).join(' and ');
  const result = await pool.query(
    `update ${table} set ${column} = $1 where ${column} = $2 and ${isRow} returning true`,
    [value.sealed, value.bytes, ...value.key],
  );
  return result.rows.length > 0;
}
