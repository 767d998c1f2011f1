import type pg from 'pg';
import type { FlowSurroundings } from '../../flow-compiler/flow-compiler.ts';
import type { JsonObject } from '../../flows/flow-json.ts';
import type { ReadSurroundings } from '../../flows/flow-surroundings.ts';
import type { RevisionDocuments } from './revision-documents.ts';

/** What a node needs to run one deployed flow, beside the document of the revision. */
export interface DeployedFlow {
  flowId: string;
  revision: number;
  /** Cap id → generation (decision 10). */
  capGenerations: Record<string, number>;
  config: FlowSurroundings;
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
  documents: RevisionDocuments;
  readSurroundings: ReadSurroundings;
}

export function createConfigStore({ pool, documents, readSurroundings }: ConfigStoreDeps): ConfigStore {
  return {
    async loadDeployedFlows(accountId) {
      // First the flows: a deploy makes the lists it needs, and a flow without its list would look in none.
      const rows = await readDeployed(pool, accountId);
      const config = await readSurroundings(accountId);
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

async function readConfigVersions(pool: pg.Pool): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ id: string; config_version: string }>('select id, config_version from accounts');
  return new Map(rows.map((row) => [row.id, Number(row.config_version)]));
}
