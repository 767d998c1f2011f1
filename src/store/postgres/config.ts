import type pg from 'pg';
import type { LiveDestination } from '../../flow-compiler/compiled-flow.ts';
import type { JsonObject } from '../../flows/flow-json.ts';
import { LIST_TYPES, type NamedList } from '../../flows/flow-store.ts';
import { assert } from '../../lib/assert.ts';
import type { Account } from '../../model/entity.ts';
import type { Field } from '../../model/field.ts';
import type { SecretBox } from '../secret-box.ts';
import { readLiveDestinations } from './destinations.ts';
import { FIELD_COLUMNS, type FieldRow, fieldOf } from './fields.ts';
import type { RevisionDocuments } from './revision-documents.ts';

/** What the flows of one account share. */
export interface AccountConfig {
  account: Account;
  /** Rises with every change that leads must see. */
  version: number;
  /** The account's own fields, deleted ones included: flows run on as if they existed. */
  customFields: readonly Field[];
  /** By url name, which `listUrlName` makes of the name a list check gives. */
  lists: ReadonlyMap<string, NamedList>;
  /** By instance id. */
  destinations: ReadonlyMap<string, LiveDestination>;
}

/** What a node needs to run one deployed flow, beside the document of the revision. */
export interface DeployedFlow {
  flowId: string;
  revision: number;
  /** Cap id → generation (decision 10). */
  capGenerations: Record<string, number>;
  config: AccountConfig;
}

export interface ConfigStore {
  /** All flows of the account that run. Their documents are read one by one, because few of them have changed. */
  loadDeployedFlows(accountId: string): Promise<DeployedFlow[]>;
  /** The document of a revision as it was saved; null: there is none. */
  readDocument(key: { accountId: string; flowId: string; revision: number }): Promise<JsonObject | null>;
  /** Account id → version: what a node compares with its own. */
  configVersions(): Promise<Map<string, number>>;
}

export interface ConfigStoreDeps {
  pool: pg.Pool;
  box: SecretBox;
  documents: RevisionDocuments;
}

export function createConfigStore({ pool, box, documents }: ConfigStoreDeps): ConfigStore {
  return {
    async loadDeployedFlows(accountId) {
      // First the flows: a deploy makes the lists it needs, and a flow without its list would look in none.
      const rows = await readDeployed(pool, accountId);
      const config = await loadAccountConfig(pool, { accountId, box });
      return config ? rows.map((row) => ({ ...row, config })) : [];
    },
    readDocument: (key) => documents.read(pool, key),
    configVersions: () => readConfigVersions(pool),
  };
}

/** Along the primary keys; without documents some 100 bytes a flow. */
async function readDeployed(pool: pg.Pool, accountId: string): Promise<Omit<DeployedFlow, 'config'>[]> {
  const { rows } = await pool.query<{
    flow_id: string;
    revision: number;
    cap_generations: Record<string, number> | null;
  }>(
    `select f.id as flow_id, r.revision, r.cap_generations
       from flows f
       join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id and r.revision = f.deployed_revision
      where f.deleted_at is null and f.account_id = $1
      order by f.id`,
    [accountId],
  );
  return rows.map((row) => ({
    flowId: row.flow_id,
    revision: row.revision,
    capGenerations: row.cap_generations ?? {},
  }));
}

/** null: the account is gone. */
async function loadAccountConfig(
  pool: pg.Pool,
  { accountId, box }: { accountId: string; box: SecretBox },
): Promise<AccountConfig | null> {
  const { rows: accounts } = await pool.query<{
    id: string;
    name: string;
    time_zone: string;
    data_retention_in_days: number;
    config_version: string;
  }>('select id, name, time_zone, data_retention_in_days, config_version from accounts where id = $1', [accountId]);
  // Read after the version: a change in between is read twice, never missed.
  const fields = await readFields(pool, accountId);
  const lists = await readLists(pool, accountId);
  const destinations = await readLiveDestinations(pool, { accountId, box });
  const [row] = accounts;
  return row
    ? {
        account: {
          id: row.id,
          name: row.name,
          timeZone: row.time_zone,
          dataRetentionInDays: row.data_retention_in_days,
        },
        version: Number(row.config_version),
        customFields: fields,
        lists: new Map(lists.map((list) => [list.urlName, list])),
        destinations,
      }
    : null;
}

async function readFields(pool: pg.Pool, accountId: string): Promise<Field[]> {
  const { rows } = await pool.query<FieldRow>(`select ${FIELD_COLUMNS} from fields where account_id = $1 order by id`, [
    accountId,
  ]);
  return rows.map(fieldOf);
}

async function readLists(pool: pg.Pool, accountId: string): Promise<NamedList[]> {
  const { rows } = await pool.query<{ id: string; name: string; url_name: string; type: string }>(
    'select id, name, url_name, type from lists where account_id = $1',
    [accountId],
  );
  return rows.map((row) => {
    const type = LIST_TYPES.find((known) => known === row.type);
    assert(type !== undefined, `list ${row.id} has the unknown type ${row.type}`);
    return { id: row.id, name: row.name, urlName: row.url_name, type };
  });
}

async function readConfigVersions(pool: pg.Pool): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ id: string; config_version: string }>('select id, config_version from accounts');
  return new Map(rows.map((row) => [row.id, Number(row.config_version)]));
}
