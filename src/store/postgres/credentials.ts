import type pg from 'pg';
import type { Change } from '../../access/activity.ts';
import type {
  CredentialDefinition,
  CredentialKey,
  CredentialRemoval,
  CredentialReplacement,
  CredentialStore,
  CredentialUse,
  CredentialVault,
} from '../../credentials/credential-store.ts';
import { attributesOf } from '../../credentials/credential-types.ts';
import { describeCredential } from '../../credentials/describe-credential.ts';
import { mergeSecrets } from '../../credentials/read-credential.ts';
import { assert } from '../../lib/assert.ts';
import type {
  Credential,
  CredentialName,
  CredentialTypeName,
  CredentialValues,
  LiveCredential,
} from '../../model/credential.ts';
import type { SecretBox } from '../secret-box.ts';
import { announceConfig, lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';

/** Every change raises the account's configuration version, so that all processes read the credentials anew. */
export function createCredentialStore(
  pool: pg.Pool,
  box: SecretBox,
  record: RecordChange = RECORD_NOTHING,
): CredentialStore {
  const changing = <T>(accountId: string, work: (client: pg.ClientBase) => Promise<T>): Promise<T> =>
    inTransaction(pool, async (client) => {
      await lockAccount(client, accountId);
      const result = await work(client);
      await announceConfig(client, accountId);
      return result;
    });
  return {
    list: async (accountId) => (await readRows(pool, { accountId, credentialId: null })).map(credentialOf),
    find: (key) => findCredential(pool, key),
    insert: (key, made) => changing(key.accountId, (client) => insertCredential(client, key, { ...made, box, record })),
    replace: (key, made) =>
      changing(key.accountId, (client) => replaceCredential(client, key, { ...made, box, record })),
    remove: (key) => changing(key.accountId, (client) => removeCredential(client, key, record)),
    listUses: (key) => listUses(pool, key),
  };
}

interface Making {
  definition: CredentialDefinition;
  now: number;
  box: SecretBox;
  record: RecordChange;
}

async function insertCredential(
  client: pg.ClientBase,
  key: CredentialKey,
  { definition, now, box, record }: Making,
): Promise<Credential> {
  const { name, type, settings, secrets } = definition;
  const sealed = sealSecrets(box, { id: key.credentialId, secrets: mergeSecrets({}, secrets) });
  const { rows } = await client.query<CredentialRow>(
    `insert into credentials as c
       (account_id, id, name, type, package, settings, sealed_secrets, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8) returning ${COLUMNS}`,
    [key.accountId, key.credentialId, name, type, definition.package, settings, sealed, new Date(now)],
  );
  return recordRow(client, record, { key, before: null, rows });
}

async function replaceCredential(
  client: pg.ClientBase,
  key: CredentialKey,
  { definition, now, box, record }: Making,
): Promise<CredentialReplacement> {
  const [row] = await readRows(client, key);
  if (!row) return { kind: 'missing' };
  const { name, type, settings, secrets } = definition;
  if (type !== row.type) return { kind: 'other-type', type: row.type };
  const stored = openSecrets(box, row);
  const required = attributesOf(type).filter(({ isSecret, isRequired }) => isSecret && isRequired);
  if (stored === null && required.some((each) => secrets[each.name] === undefined)) return { kind: 'unreadable' };
  const sealed = sealSecrets(box, { id: key.credentialId, secrets: mergeSecrets(stored ?? {}, secrets) });
  // A token of before was fetched with other secrets.
  const { rows } = await client.query<CredentialRow>(
    `update credentials c set name = $3, package = $4, settings = $5, sealed_secrets = $6, updated_at = $7,
            sealed_token = null, token_expires_at = null
      where c.account_id = $1 and c.id = $2 returning ${COLUMNS}`,
    [key.accountId, key.credentialId, name, definition.package, settings, sealed, new Date(now)],
  );
  return { kind: 'done', credential: await recordRow(client, record, { key, before: credentialOf(row), rows }) };
}

async function removeCredential(
  client: pg.ClientBase,
  key: CredentialKey,
  record: RecordChange,
): Promise<CredentialRemoval> {
  const credential = await findCredential(client, key);
  if (!credential) return { kind: 'missing' };
  const uses = await listUses(client, key);
  if (uses.length > 0) return { kind: 'used', uses };
  await client.query('delete from credentials where account_id = $1 and id = $2', [key.accountId, key.credentialId]);
  await record(client, key.accountId, changeOf(credential, null));
  return { kind: 'done', credential };
}

async function recordRow(
  client: pg.ClientBase,
  record: RecordChange,
  change: { key: CredentialKey; before: Credential | null; rows: CredentialRow[] },
): Promise<Credential> {
  const [row] = change.rows;
  assert(row, 'the statement returns the row it wrote');
  const credential = credentialOf(row);
  await record(client, change.key.accountId, changeOf(change.before, credential));
  return credential;
}

function changeOf(before: Credential | null, after: Credential | null): Change {
  const credential = after ?? before;
  return {
    kind: 'credential',
    action: before === null ? 'create' : after === null ? 'delete' : 'update',
    subject: { id: credential?.id ?? '', name: credential?.name ?? null },
    before: before && { document: describeCredential(before) },
    after: after && { document: describeCredential(after) },
  };
}

async function findCredential(db: Pick<pg.ClientBase, 'query'>, key: CredentialKey): Promise<Credential | null> {
  const [row] = await readRows(db, key);
  return row ? credentialOf(row) : null;
}

/** One or all of an account, along the primary key. */
async function readRows(
  db: Pick<pg.ClientBase, 'query'>,
  at: { accountId: string; credentialId: string | null },
): Promise<CredentialRow[]> {
  const { rows } = await db.query<CredentialRow>(
    `select ${COLUMNS} from credentials c
      where c.account_id = $1 and c.id = coalesce($2, c.id) order by c.name, c.id`,
    [at.accountId, at.credentialId],
  );
  return rows;
}

/** Everything that names it. */
async function listUses(db: Pick<pg.ClientBase, 'query'>, key: CredentialKey): Promise<CredentialUse[]> {
  const flows = await listUsesOfFlows(db, key);
  const services = await listUsesOfServices(db, key);
  return [...flows, ...services, ...(await listUsesOfBatches(db, key))];
}

/** Pricing services that are asked with it. Along the primary key of an account's few services. */
async function listUsesOfServices(db: Pick<pg.ClientBase, 'query'>, key: CredentialKey): Promise<CredentialUse[]> {
  const { rows } = await db.query<{ id: string; name: string }>(
    'select s.id, s.name from pricing_services s where s.account_id = $1 and s.credential_id = $2 order by s.id',
    [key.accountId, key.credentialId],
  );
  return rows.map((pricingService) => ({
    ...{ flow: null, pricingService, batch: null, path: 'credential_id' },
    ...{ isSaved: true, isDeployed: true },
  }));
}

/** Batches whose files are delivered with it. Along the primary key of an account's few batches. */
async function listUsesOfBatches(db: Pick<pg.ClientBase, 'query'>, key: CredentialKey): Promise<CredentialUse[]> {
  const { rows } = await db.query<{ id: string; name: string }>(
    `select b.id, b.name from batches b
      where b.account_id = $1 and b.deleted_at is null and b.definition #>> '{target,credential_id}' = $2 order by b.id`,
    [key.accountId, key.credentialId],
  );
  return rows.map((batch) => ({
    ...{ flow: null, pricingService: null, batch, path: 'target.credential_id' },
    ...{ isSaved: true, isDeployed: true },
  }));
}

/**
 * The places of flows that name it as they are saved or as they run: steps, recipients of distributions, mappings of
 * `credential_id`, and firehoses. What a source names is an API key. Along the primary keys; an account has up to some hundreds.
 */
async function listUsesOfFlows(db: Pick<pg.ClientBase, 'query'>, key: CredentialKey): Promise<CredentialUse[]> {
  const { rows } = await db.query<{
    flow_id: string;
    name: string | null;
    path: string;
    is_saved: boolean;
    is_deployed: boolean;
  }>(
    `with revisions as (
       select f.id as flow_id, r.document, r.revision = f.saved_revision as is_saved,
              r.revision = coalesce(f.deployed_revision, 0) as is_deployed
         from flows f
         join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id
          and r.revision in (f.saved_revision, f.deployed_revision)
        where f.account_id = $1 and f.deleted_at is null and position($2 in r.document::text) > 0
     ), steps as (
       select v.flow_id, v.document, v.is_saved, v.is_deployed, s.step, 'steps.' || (s.place - 1) as path
         from revisions v
        cross join lateral jsonb_array_elements(
          case when jsonb_typeof(v.document -> 'steps') = 'array' then v.document -> 'steps' else '[]' end
        ) with ordinality as s (step, place)
     ), deliveries as (
       select * from steps
       union all
       select s.flow_id, s.document, s.is_saved, s.is_deployed, c.step, s.path || '.recipients.' || (c.place - 1)
         from steps s
        cross join lateral jsonb_array_elements(
          case when jsonb_typeof(s.step -> 'recipients') = 'array' then s.step -> 'recipients' else '[]' end
        ) with ordinality as c (step, place)
     ), named as (
       select d.flow_id, d.document, d.is_saved, d.is_deployed, d.path || '.credential_id' as path
         from deliveries d where d.step ->> 'credential_id' = $2
       union all
       select d.flow_id, d.document, d.is_saved, d.is_deployed,
              d.path || '.integration.mappings.' || (m.place - 1) || '.value'
         from deliveries d
        cross join lateral jsonb_array_elements(
          case when jsonb_typeof(d.step -> 'integration' -> 'mappings') = 'array'
               then d.step -> 'integration' -> 'mappings' else '[]' end
        ) with ordinality as m (mapping, place)
        where m.mapping ->> 'property' = 'credential_id' and m.mapping ->> 'value' = $2
       union all
       select v.flow_id, v.document, v.is_saved, v.is_deployed, p.path
         from revisions v
        cross join lateral (values
          ('firehose.credential_id', v.document #>> '{firehose,credential_id}'),
          ('firehose.services.aws.credential_id', v.document #>> '{firehose,services,aws,credential_id}'),
          ('firehose.services.azure.credential_id', v.document #>> '{firehose,services,azure,credential_id}')
        ) as p (path, id)
        where p.id = $2
     )
     select flow_id, min(document ->> 'name') as name, path,
            bool_or(is_saved) as is_saved, bool_or(is_deployed) as is_deployed
       from named group by flow_id, path order by flow_id, path`,
    [key.accountId, key.credentialId],
  );
  return rows.map((row) => ({
    flow: { id: row.flow_id, name: row.name ?? '' },
    pricingService: null,
    batch: null,
    path: row.path,
    isSaved: row.is_saved,
    isDeployed: row.is_deployed,
  }));
}

/** Of all credentials of an account, by id: what flows are compiled with. Along the primary key. */
export async function readCredentialNames(pool: pg.Pool, accountId: string): Promise<Map<string, CredentialName>> {
  const { rows } = await pool.query<CredentialName>(
    'select id, name, type from credentials where account_id = $1 order by id',
    [accountId],
  );
  return new Map(rows.map(({ id, name, type }) => [id, { id, name, type }]));
}

/** What those who use credentials read and write; none of it is a change of the configuration. */
export function createCredentialVault(pool: pg.Pool, box: SecretBox): CredentialVault {
  return {
    readAll: async (accountId) => {
      const rows = await readRows(pool, { accountId, credentialId: null });
      return rows.map((row) => liveOf(box, { accountId, row }));
    },
    find: async (key) => {
      const [row] = await readRows(pool, key);
      return row ? liveOf(box, { accountId: key.accountId, row }) : null;
    },
    readToken: async ({ accountId, credentialId }) => {
      const { rows } = await pool.query<{ sealed_token: Buffer | null; token_expires_at: Date | null }>(
        'select sealed_token, token_expires_at from credentials where account_id = $1 and id = $2',
        [accountId, credentialId],
      );
      const [row] = rows;
      if (!row?.sealed_token || !row.token_expires_at) return null;
      const accessToken = box.open(row.sealed_token, tokenContext(credentialId));
      return accessToken === null ? null : { accessToken, expiresAt: row.token_expires_at.getTime() };
    },
    writeToken: async ({ accountId, credentialId }, { accessToken, expiresAt, updatedAt }) => {
      await pool.query(
        `update credentials set sealed_token = $3, token_expires_at = $4
          where account_id = $1 and id = $2 and updated_at = $5`,
        [
          ...[accountId, credentialId, box.seal(accessToken, tokenContext(credentialId))],
          ...[new Date(expiresAt), new Date(updatedAt)],
        ],
      );
    },
    noteUse: async ({ accountId, credentialId }, at) => {
      await pool.query(
        `update credentials set last_used_at = $3
          where account_id = $1 and id = $2
            and coalesce(last_used_at, 'epoch') <= $3::timestamptz - interval '1 minute'`,
        [accountId, credentialId, new Date(at)],
      );
    },
    update: (key, made) => inTransaction(pool, (client) => updateSecrets(client, key, { ...made, box })),
  };
}

/** Announced as every change is: the other processes use what was renewed, too. */
async function updateSecrets(
  client: pg.ClientBase,
  key: CredentialKey,
  { changed, now, box }: { changed: CredentialValues; now: number; box: SecretBox },
): Promise<LiveCredential | null> {
  await lockAccount(client, key.accountId);
  const [row] = await readRows(client, key);
  const stored = row && openSecrets(box, row);
  if (!stored) return null;
  const sealed = sealSecrets(box, { id: key.credentialId, secrets: mergeSecrets(stored, changed) });
  const { rows } = await client.query<CredentialRow>(
    `update credentials c set sealed_secrets = $3, updated_at = $4
      where c.account_id = $1 and c.id = $2 returning ${COLUMNS}`,
    [key.accountId, key.credentialId, sealed, new Date(now)],
  );
  await announceConfig(client, key.accountId);
  const [updated] = rows;
  assert(updated, 'the statement returns the row it wrote');
  return liveOf(box, { accountId: key.accountId, row: updated });
}

function liveOf(box: SecretBox, { accountId, row }: { accountId: string; row: CredentialRow }): LiveCredential {
  return { ...credentialOf(row), accountId, secrets: openSecrets(box, row) };
}

function sealSecrets(box: SecretBox, { id, secrets }: { id: string; secrets: CredentialValues }): Buffer {
  return box.seal(JSON.stringify(secrets), credentialContext(id));
}

/** null: they were sealed with another key. */
function openSecrets(box: SecretBox, row: CredentialRow): CredentialValues | null {
  const text = box.open(row.sealed_secrets, credentialContext(row.id));
  return text === null ? null : (JSON.parse(text) as CredentialValues); // written by sealSecrets alone
}

const COLUMNS = `c.id, c.name, c.type, c.package, c.settings, c.sealed_secrets, c.token_expires_at, c.last_used_at,
  c.created_at, c.updated_at`;

interface CredentialRow {
  id: string;
  name: string;
  type: CredentialTypeName;
  package: string | null;
  settings: CredentialValues;
  sealed_secrets: Buffer;
  token_expires_at: Date | null;
  last_used_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

function credentialOf(row: CredentialRow): Credential {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    package: row.package,
    settings: row.settings,
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
    lastUsedAt: row.last_used_at?.getTime() ?? null,
    tokenExpiresAt: row.token_expires_at?.getTime() ?? null,
  };
}

/** Where the sealed secrets of a credential belong. */
export function credentialContext(credentialId: string): string {
  return `credential:${credentialId}`;
}

/** Where its sealed token belongs. */
export function tokenContext(credentialId: string): string {
  return `credential_token:${credentialId}`;
}
