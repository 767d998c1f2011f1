import type pg from 'pg';
import type { ActivityAction } from '../../access/activity.ts';
import type { Actor } from '../../access/principal.ts';
import {
  TEST_LEADS_MAX,
  type TestLead,
  type TestLeadContent,
  type TestLeadKey,
  type TestLeadStore,
} from '../../drafts/test-lead.ts';
import { fail, ok } from '../../lib/result.ts';
import type { SecretBox } from '../secret-box.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';

export interface TestLeadStoreDeps {
  pool: pg.Pool;
  box: SecretBox;
  /** Absent: changes are not recorded. */
  record?: RecordChange;
}

type Db = Pick<pg.ClientBase, 'query'>;
type Saving = Parameters<TestLeadStore['insert']>[1];

/** Where the sealed part of a test lead belongs. */
export function testLeadContext(id: string): string {
  return `test_lead:${id}`;
}

/** Test leads of flows. The activity log has their names, and no value of them. */
export function createTestLeadStore({ pool, box, record = RECORD_NOTHING }: TestLeadStoreDeps): TestLeadStore {
  const open = (row: TestLeadRow) => testLeadOf(row, box);
  const valuesOf = ({ accountId, flowId, id }: TestLeadKey, { definition, by, now }: Saving) => [
    ...[accountId, flowId, id, definition.name, definition.sourceId],
    ...[box.seal(JSON.stringify(definition.content), testLeadContext(id)), by.kind, by.id, by.name, new Date(now)],
  ];
  const recordChange = (client: Db, key: TestLeadKey, change: { action: ActivityAction; name: string }) =>
    record(client, key.accountId, {
      ...{ kind: 'test_lead', action: change.action, subject: { id: key.id, name: change.name } },
      ...{ before: null, after: null },
    });
  return {
    // Along the primary key: a flow has few.
    list: async ({ accountId, flowId }) => {
      const { rows } = await pool.query<TestLeadRow>(
        `select ${COLUMNS} from test_leads where account_id = $1 and flow_id = $2 order by lower(name), id
          limit ${TEST_LEADS_MAX}`,
        [accountId, flowId],
      );
      return rows.map(open);
    },
    insert: (key, saving) =>
      inTransaction(pool, async (client) => {
        // Two at once never exceed the bound.
        if (!(await lockFlow(client, key))) return fail('unknown-flow');
        if ((await countTestLeads(client, key)) >= TEST_LEADS_MAX) return fail('too-many');
        const row = await firstRow(
          client,
          `insert into test_leads (account_id, flow_id, id, name, source_id, sealed_lead, user_kind, user_id, user_name,
             updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning ${COLUMNS}`,
          valuesOf(key, saving),
        );
        if (!row) return fail('unknown-flow');
        await recordChange(client, key, { action: 'create', name: row.name });
        return ok(open(row));
      }),
    replace: (key, saving) =>
      inTransaction(pool, async (client) => {
        const row = await firstRow(
          client,
          `update test_leads set name = $4, source_id = $5, sealed_lead = $6, user_kind = $7, user_id = $8, user_name = $9,
                  updated_at = $10
            where account_id = $1 and flow_id = $2 and id = $3 returning ${COLUMNS}`,
          valuesOf(key, saving),
        );
        if (!row) return null;
        await recordChange(client, key, { action: 'update', name: row.name });
        return open(row);
      }),
    remove: (key) =>
      inTransaction(pool, async (client) => {
        const row = await firstRow(
          client,
          `delete from test_leads where account_id = $1 and flow_id = $2 and id = $3 returning ${COLUMNS}`,
          [key.accountId, key.flowId, key.id],
        );
        if (!row) return null;
        await recordChange(client, key, { action: 'delete', name: row.name });
        return open(row);
      }),
  };
}

const COLUMNS = 'id, name, source_id, sealed_lead, user_kind, user_id, user_name, updated_at';

interface TestLeadRow {
  id: string;
  name: string;
  source_id: string;
  sealed_lead: Buffer;
  user_kind: Actor['kind'];
  user_id: string;
  user_name: string;
  updated_at: Date;
}

function testLeadOf(row: TestLeadRow, box: SecretBox): TestLead {
  const text = box.open(row.sealed_lead, testLeadContext(row.id));
  return {
    ...{ id: row.id, name: row.name, sourceId: row.source_id },
    // Written above.
    content: text === null ? null : (JSON.parse(text) as TestLeadContent),
    by: { kind: row.user_kind, id: row.user_id, name: row.user_name },
    updatedAt: row.updated_at.getTime(),
  };
}

async function firstRow(client: Db, sql: string, values: unknown[]): Promise<TestLeadRow | undefined> {
  return (await client.query<TestLeadRow>(sql, values)).rows[0];
}

/** By primary key; false: no flow, or a deleted one. */
async function lockFlow(client: Db, { accountId, flowId }: TestLeadKey): Promise<boolean> {
  const { rows } = await client.query(
    'select from flows where account_id = $1 and id = $2 and deleted_at is null for update',
    [accountId, flowId],
  );
  return rows.length > 0;
}

/** Along the primary key. */
async function countTestLeads(client: Db, { accountId, flowId }: TestLeadKey): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from test_leads where account_id = $1 and flow_id = $2',
    [accountId, flowId],
  );
  return rows[0]?.count ?? 0;
}
