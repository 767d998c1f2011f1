import type pg from 'pg';
import type { ActivityAction, Change } from '../../access/activity.ts';
import {
  type OpenedLink,
  POSTING_LINKS_MAX,
  type PostingLink,
  type PostingLinkKey,
  type PostingLinkStore,
  type PostingSettings,
} from '../../posting/posting-link.ts';
import type { SecretBox } from '../secret-box.ts';
import { lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';

type Db = Pick<pg.ClientBase, 'query'>;

/** Leads never read links, so no change of one raises the account's configuration version. */
export function createPostingLinkStore(
  pool: pg.Pool,
  box: SecretBox,
  record: RecordChange = RECORD_NOTHING,
): PostingLinkStore {
  const openRow = (row: LinkRow): OpenedLink => ({
    link: linkOf(row),
    token: box.open(row.sealed_token, postingLinkContext(row.id)),
  });
  return {
    list: async (place) => (await readLinks(pool, place)).map(openRow),
    insert: (key, { settings, token, tokenHash, now }) =>
      inTransaction(pool, async (client) => {
        // Two at once never exceed the bound.
        await lockAccount(client, key.accountId);
        const known = await readLinks(client, key);
        if (known.length >= POSTING_LINKS_MAX) return null;
        const { rows } = await client.query<LinkRow>(
          `insert into posting_links (account_id, id, flow_id, source_id, ${SETTINGS}, token_hash, sealed_token,
             created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) returning ${COLUMNS}`,
          [
            ...[...valuesOf(key), ...settingsOf(settings), tokenHash],
            ...[box.seal(token, postingLinkContext(key.linkId)), new Date(now)],
          ],
        );
        return recordRow(client, record, { key, before: null, rows });
      }),
    replace: (key, { settings, now }) =>
      inTransaction(pool, async (client) => {
        const before = await lockLink(client, key);
        if (!before) return null;
        const { rows } = await client.query<LinkRow>(
          `update posting_links set (${SETTINGS}, updated_at) = ($5, $6, $7, $8, $9, $10)
            where account_id = $1 and id = $2 and flow_id = $3 and source_id = $4 returning ${COLUMNS}`,
          [...valuesOf(key), ...settingsOf(settings), new Date(now)],
        );
        return recordRow(client, record, { key, before, rows });
      }),
    revoke: (key) =>
      inTransaction(pool, async (client) => {
        const before = await lockLink(client, key);
        if (!before) return null;
        await client.query('delete from posting_links where account_id = $1 and id = $2', [key.accountId, key.linkId]);
        await record(client, key.accountId, changeOf('revoke', { before, after: null }));
        return before;
      }),
    findByHash: (tokenHash) => findByHash(pool, tokenHash),
  };

  async function recordRow(
    client: Db,
    write: RecordChange,
    { key, before, rows }: { key: PostingLinkKey; before: PostingLink | null; rows: readonly LinkRow[] },
  ): Promise<OpenedLink | null> {
    const opened = rows[0] ? openRow(rows[0]) : null;
    const action = before ? 'update' : 'create';
    if (opened) await write(client, key.accountId, changeOf(action, { before, after: opened.link }));
    return opened;
  }
}

/** Where a sealed token belongs. */
export function postingLinkContext(linkId: string): string {
  return `posting-link:${linkId}`;
}

const SETTINGS = 'contact, shows_caps, shows_prices, hides_rules, allows_live_tests';
const COLUMNS = `id, flow_id, source_id, ${SETTINGS}, sealed_token, created_at, updated_at`;

interface LinkRow extends PostingSettings {
  id: string;
  flow_id: string;
  source_id: string;
  sealed_token: Buffer;
  created_at: Date;
  updated_at: Date;
}

function linkOf({ sealed_token: _sealed, created_at: createdAt, updated_at: updatedAt, ...row }: LinkRow): PostingLink {
  return { ...row, created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() };
}

function valuesOf({ accountId, linkId, flowId, sourceId }: PostingLinkKey): string[] {
  return [accountId, linkId, flowId, sourceId];
}

function settingsOf(settings: PostingSettings): unknown[] {
  const { contact, shows_caps, shows_prices, hides_rules, allows_live_tests } = settings;
  return [contact, shows_caps, shows_prices, hides_rules, allows_live_tests];
}

/** Along `posting_links_by_source`. */
async function readLinks(db: Db, { accountId, flowId, sourceId }: Omit<PostingLinkKey, 'linkId'>): Promise<LinkRow[]> {
  const { rows } = await db.query<LinkRow>(
    `select ${COLUMNS} from posting_links where account_id = $1 and flow_id = $2 and source_id = $3
      order by created_at, id`,
    [accountId, flowId, sourceId],
  );
  return rows;
}

/** By primary key; of another source it is none. */
async function lockLink(client: Db, key: PostingLinkKey): Promise<PostingLink | null> {
  const { rows } = await client.query<LinkRow>(
    `select ${COLUMNS} from posting_links where account_id = $1 and id = $2 and flow_id = $3 and source_id = $4
      for update`,
    valuesOf(key),
  );
  return rows[0] ? linkOf(rows[0]) : null;
}

/** Along the unique index of the hash: the token alone says whose link it is. */
async function findByHash(pool: pg.Pool, tokenHash: Buffer): Promise<{ accountId: string; link: PostingLink } | null> {
  const { rows } = await pool.query<LinkRow & { account_id: string }>(
    `select account_id, ${COLUMNS} from posting_links where token_hash = $1`,
    [tokenHash],
  );
  const [row] = rows;
  if (!row) return null;
  const { account_id: accountId, ...own } = row;
  return { accountId, link: linkOf(own) };
}

function changeOf(
  action: ActivityAction,
  { before, after }: { before: PostingLink | null; after: PostingLink | null },
): Change {
  return {
    ...{ kind: 'posting_link', action, subject: { id: (after ?? before)?.id ?? '', name: null } },
    before: before && { document: before },
    after: after && { document: after },
  };
}
