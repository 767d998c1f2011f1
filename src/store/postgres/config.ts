import type pg from 'pg';
import type { LiveDestination } from '../../flow-compiler/compiled-flow.ts';
import { LIST_TYPES, type NamedList } from '../../flows/flow-store.ts';
import { parseFlowDocument } from '../../flows/parse-flow-document.ts';
import { assert } from '../../lib/assert.ts';
import type { Account } from '../../model/entity.ts';
import type { Field } from '../../model/field.ts';
import type { FlowDocument } from '../../model/flow.ts';
import type { SecretBox } from '../secret-box.ts';
import { readLiveDestinations } from './destinations.ts';
import { FIELD_COLUMNS, type FieldRow, fieldOf } from './fields.ts';

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

/** Everything a node needs to run one deployed flow. */
export interface DeployedFlow {
  flowId: string;
  revision: number;
  /** As it was deployed; null: this version of the program cannot read it. */
  document: FlowDocument | null;
  /** Cap id → generation (decision 10). */
  capGenerations: Record<string, number>;
  config: AccountConfig;
}

export interface ConfigStore {
  /** All flows that run, of one account or of all. */
  loadDeployedFlows(accountId?: string): Promise<DeployedFlow[]>;
  /** null: unknown, deleted or never deployed. */
  loadDeployedFlow(flowId: string): Promise<DeployedFlow | null>;
  /** Account id → version: what a node compares with its own. */
  configVersions(): Promise<Map<string, number>>;
}

export function createConfigStore(pool: pg.Pool, box: SecretBox): ConfigStore {
  return {
    async loadDeployedFlows(accountId) {
      // First the flows: a deploy makes the lists it needs, and a flow without its list would look in none.
      const rows = await readDeployed(pool, { accountId: accountId ?? null, flowId: null });
      const configs = await loadAccountConfigs(pool, { accountId: accountId ?? null, box });
      return rows.flatMap((row) => deployedFlows(row, configs.get(row.account_id)));
    },
    async loadDeployedFlow(flowId) {
      const [row] = await readDeployed(pool, { accountId: null, flowId });
      if (!row) return null;
      const configs = await loadAccountConfigs(pool, { accountId: row.account_id, box });
      return deployedFlows(row, configs.get(row.account_id))[0] ?? null;
    },
    configVersions: () => readConfigVersions(pool),
  };
}

interface DeployedRow {
  account_id: string;
  flow_id: string;
  revision: number;
  document: unknown;
  cap_generations: Record<string, number> | null;
}

/** One flow by the unique index flows_by_id; an account's, or all, along the primary keys. */
async function readDeployed(
  pool: pg.Pool,
  key: { accountId: string | null; flowId: string | null },
): Promise<DeployedRow[]> {
  const { rows } = await pool.query<DeployedRow>(
    `select f.account_id, f.id as flow_id, r.revision, r.document, r.cap_generations
       from flows f
       join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id and r.revision = f.deployed_revision
      where f.deleted_at is null and ($1::text is null or f.account_id = $1) and ($2::text is null or f.id = $2)
      order by f.id`,
    [key.accountId, key.flowId],
  );
  return rows;
}

/** None when the account is gone. */
function deployedFlows(row: DeployedRow, config: AccountConfig | undefined): DeployedFlow[] {
  if (!config) return [];
  const parsed = parseFlowDocument(row.document);
  return [
    {
      flowId: row.flow_id,
      revision: row.revision,
      document: parsed.ok ? parsed.value.sound : null,
      capGenerations: row.cap_generations ?? {},
      config,
    },
  ];
}

async function loadAccountConfigs(
  pool: pg.Pool,
  { accountId, box }: { accountId: string | null; box: SecretBox },
): Promise<Map<string, AccountConfig>> {
  const { rows: accounts } = await pool.query<{
    id: string;
    name: string;
    time_zone: string;
    data_retention_in_days: number;
    config_version: string;
  }>(
    `select id, name, time_zone, data_retention_in_days, config_version from accounts
      where $1::text is null or id = $1`,
    [accountId],
  );
  // Read after the version: a change in between is read twice, never missed.
  const fields = await readFields(pool, accountId);
  const lists = await readLists(pool, accountId);
  const destinations = await readLiveDestinations(pool, { accountId, box });
  return new Map(
    accounts.map((row) => [
      row.id,
      {
        account: {
          id: row.id,
          name: row.name,
          timeZone: row.time_zone,
          dataRetentionInDays: row.data_retention_in_days,
        },
        version: Number(row.config_version),
        customFields: fields.get(row.id) ?? [],
        lists: new Map((lists.get(row.id) ?? []).map((list) => [list.urlName, list])),
        destinations: destinations.get(row.id) ?? new Map(),
      },
    ]),
  );
}

async function readFields(pool: pg.Pool, accountId: string | null): Promise<Map<string, Field[]>> {
  const { rows } = await pool.query<FieldRow & { account_id: string }>(
    `select account_id, ${FIELD_COLUMNS} from fields where $1::text is null or account_id = $1`,
    [accountId],
  );
  return groupByAccount(rows, fieldOf);
}

async function readLists(pool: pg.Pool, accountId: string | null): Promise<Map<string, NamedList[]>> {
  const { rows } = await pool.query<{ account_id: string; id: string; name: string; url_name: string; type: string }>(
    'select account_id, id, name, url_name, type from lists where $1::text is null or account_id = $1',
    [accountId],
  );
  return groupByAccount(rows, (row) => {
    const type = LIST_TYPES.find((known) => known === row.type);
    assert(type !== undefined, `list ${row.id} has the unknown type ${row.type}`);
    return { id: row.id, name: row.name, urlName: row.url_name, type };
  });
}

function groupByAccount<Row extends { account_id: string }, Value>(
  rows: readonly Row[],
  read: (row: Row) => Value,
): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const row of rows) {
    const group = groups.get(row.account_id);
    if (group) group.push(read(row));
    else groups.set(row.account_id, [read(row)]);
  }
  return groups;
}

async function readConfigVersions(pool: pg.Pool): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ id: string; config_version: string }>('select id, config_version from accounts');
  return new Map(rows.map((row) => [row.id, Number(row.config_version)]));
}
