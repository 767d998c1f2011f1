import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type pg from 'pg';
import type { Receipt } from '../../jobs/privacy-deps.ts';
import { normalForm, type Person } from '../../keeping/person.ts';
import { assert } from '../../lib/assert.ts';
import type { SecretBox } from '../secret-box.ts';

export const RECEIPT_KEY = 'receipt_key';
export const RECEIPT_KEY_CONTEXT = 'installation:receipt_key';
const LIST_HASH_KEY = 'list_hash_key';

/** Receipts of erasures as people see them. */
export interface ReceiptStore {
  /** Newest first, at most `RECEIPTS_MAX`. */
  list(accountId: string): Promise<(Receipt & { createdAt: number })[]>;
  find(key: { accountId: string; id: string }): Promise<Receipt | null>;
  /** SPKI as PEM. */
  readPublicKey(): Promise<string>;
  /** Did this installation sign these bytes? */
  verify(receipt: { statement: string; signature: string }): Promise<boolean>;
}

export const RECEIPTS_MAX = 1_000;

export function createReceiptStore(pool: pg.Pool, box: SecretBox): ReceiptStore {
  return {
    list: async (accountId) => {
      const { rows } = await pool.query<ReceiptRow>(
        `select id, statement, signature, created_at from erasure_receipts where account_id = $1
          order by id desc limit ${RECEIPTS_MAX}`,
        [accountId],
      );
      return rows.map((row) => ({ ...receiptOf(row), createdAt: row.created_at.getTime() }));
    },
    find: async ({ accountId, id }) => {
      const { rows } = await pool.query<ReceiptRow>(
        'select id, statement, signature, created_at from erasure_receipts where account_id = $1 and id = $2',
        [accountId, id],
      );
      return rows[0] ? receiptOf(rows[0]) : null;
    },
    readPublicKey: async () => exportPublicKey(await ensureReceiptKey(pool, box)),
    verify: async ({ statement, signature }) => {
      const key = createPublicKey(exportPublicKey(await ensureReceiptKey(pool, box)));
      return verify(null, Buffer.from(statement), key, Buffer.from(signature, 'base64'));
    },
  };
}

interface ReceiptRow {
  id: string;
  statement: string;
  signature: Buffer;
  created_at: Date;
}

function receiptOf({ id, statement, signature }: ReceiptRow): Receipt {
  return { id, statement, signature: signature.toString('base64') };
}

/** Signs a statement and keeps both, in the transaction of the caller. */
export async function writeReceipt(
  client: pg.ClientBase,
  given: { accountId: string; id: string; statement: string; privateKey: string; now: number },
): Promise<Receipt> {
  const { accountId, id, statement, privateKey, now } = given;
  const signature = sign(null, Buffer.from(statement), createPrivateKey(privateKey));
  await client.query(
    `insert into erasure_receipts (account_id, id, statement, signature, created_at) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [accountId, id, statement, signature, new Date(now)],
  );
  return { id, statement, signature: signature.toString('base64') };
}

/** The Ed25519 key of the installation, as PEM: made once, kept encrypted, never rotated, so that old receipts stay valid. */
export async function ensureReceiptKey(pool: pg.Pool, box: SecretBox): Promise<string> {
  const known = await readValue(pool, RECEIPT_KEY);
  if (known === undefined) {
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await pool.query('insert into installation (name, value) values ($1, $2) on conflict do nothing', [
      ...[RECEIPT_KEY, box.seal(pem, RECEIPT_KEY_CONTEXT)],
    ]);
  }
  // Another process may have been first.
  const stored = known ?? (await readValue(pool, RECEIPT_KEY));
  const pem = stored && box.open(stored, RECEIPT_KEY_CONTEXT);
  assert(pem, 'the key of receipts was sealed with this key');
  return pem;
}

function exportPublicKey(privateKey: string): string {
  return createPublicKey(createPrivateKey(privateKey)).export({ type: 'spki', format: 'pem' }).toString();
}

/** The keyed hash that a receipt names a person by: of one account, with a key of the installation. */
export async function hashPerson(pool: pg.Pool, accountId: string, person: Person): Promise<string> {
  const key = await readValue(pool, LIST_HASH_KEY);
  assert(key, 'an installation has a key of hashes');
  return createHmac('sha256', key)
    .update(`\0person ${accountId} ${normalForm(person)}`)
    .digest('hex');
}

async function readValue(pool: pg.Pool, name: string): Promise<Buffer | undefined> {
  const { rows } = await pool.query<{ value: Buffer }>('select value from installation where name = $1', [name]);
  return rows[0]?.value;
}
