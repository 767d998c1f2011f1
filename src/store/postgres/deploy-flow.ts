import type pg from 'pg';
import type {
  CapCarry,
  DeployPlan,
  DeployRefusal,
  DeployRequest,
  DeployState,
  FlowRecord,
} from '../../flows/flow-store.ts';
import { listFirehoseTargets } from '../../flows/read-firehose.ts';
import { ok, type Result } from '../../lib/result.ts';
import { announceConfig, lockAccount } from './accounts.ts';
import type { RecordChange } from './activity.ts';
import { writeChannels } from './channels.ts';
import { lockFlow, nameOfFlow } from './flow-row.ts';
import { ensureLists } from './lists.ts';
import type { RevisionDocuments } from './revision-documents.ts';

/**
 * Makes the saved revision the one that runs. The account's row is locked first, so that two flows of an account deploy
 * one after the other and cannot both take a cap id.
 */
export async function deployFlow(
  client: pg.ClientBase,
  { documents, record }: { documents: RevisionDocuments; record: RecordChange },
  request: DeployRequest,
): Promise<Result<FlowRecord, DeployRefusal> | null> {
  const { accountId, now } = request;
  await lockAccount(client, accountId);
  const state = await readState(client, documents, request);
  if (!state) return null;
  const plan = request.plan(state);
  if (!plan.ok) return plan;
  await ensureLists(client, { accountId, now, lists: plan.value.lists });
  for (const carry of plan.value.carries) await carryCount(client, { accountId, now, carry });
  await endOwnMaximums(client, { accountId, now, counterIds: plan.value.changedCounterIds });
  const deployed = await writeDeployed(client, { flow: state.saved, plan: plan.value, now });
  const { id, document, revision, deployedRevision } = state.saved;
  await writeChannels(client, { accountId, flowId: id, targets: listFirehoseTargets(document.firehose), now });
  await announceConfig(client, accountId);
  await record(client, accountId, {
    kind: 'flow',
    action: 'deploy',
    subject: { id, name: nameOfFlow(document) },
    before: deployedRevision === null ? null : { revision: deployedRevision },
    after: { revision },
  });
  return ok(deployed);
}

async function readState(
  client: pg.ClientBase,
  documents: RevisionDocuments,
  request: DeployRequest,
): Promise<DeployState | null> {
  const saved = await lockFlow(client, documents, request);
  if (!saved) return null;
  const deployed = await readDeployed(client, documents, saved);
  return { saved, deployed, takenCapIds: await readTakenCapIds(client, saved) };
}

async function readDeployed(
  client: pg.ClientBase,
  documents: RevisionDocuments,
  { accountId, id: flowId, deployedRevision: revision }: FlowRecord,
): Promise<DeployState['deployed']> {
  if (revision === null) return null;
  const { rows } = await client.query<{ cap_generations: Record<string, number> | null }>(
    'select cap_generations from flow_revisions where account_id = $1 and flow_id = $2 and revision = $3',
    [accountId, flowId, revision],
  );
  const document = await documents.read(client, { accountId, flowId, revision });
  return document && { document, capGenerations: rows[0]?.cap_generations ?? {} };
}

/** The caps of the account's other running flows; some hundreds of flows, read along the primary keys. */
async function readTakenCapIds(client: pg.ClientBase, flow: FlowRecord): Promise<Map<string, string>> {
  const { rows } = await client.query<{ cap_id: string; name: string }>(
    `select caps.id as cap_id, r.document ->> 'name' as name
       from flows f
       join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id and r.revision = f.deployed_revision
      cross join lateral jsonb_object_keys(r.cap_generations) as caps (id)
      where f.account_id = $1 and f.id <> $2 and f.deleted_at is null`,
    [flow.accountId, flow.id],
  );
  return new Map(rows.map((row) => [row.cap_id, row.name]));
}

/**
 * Moves the count of a lengthened cap into its new window, held places included: a lead that holds one settles in the
 * window it began in (decision 10), so the new window must count it as used. A row of an older generation is what a
 * reset has left behind, and is not carried. Where the new window is one that the cap had before, the leads that still
 * hold places in it settle there: `held` is theirs.
 */
async function carryCount(
  client: pg.ClientBase,
  request: { accountId: string; now: number; carry: CapCarry },
): Promise<void> {
  const { accountId, now, carry } = request;
  const { counterId, fromStartsAt, toStartsAt, toEndsAt, generation } = carry;
  if (fromStartsAt === toStartsAt) {
    await client.query(
      'update cap_windows set ends_at = $4, updated_at = $5 where account_id = $1 and cap_id = $2 and starts_at = $3',
      [accountId, counterId, new Date(toStartsAt), new Date(toEndsAt), new Date(now)],
    );
    return;
  }
  await client.query(
    `insert into cap_windows (account_id, cap_id, starts_at, ends_at, flow_id, count, failed_count, generation, updated_at)
     select account_id, cap_id, $4, $5, flow_id, count + held, failed_count, generation, $7
       from cap_windows
      where account_id = $1 and cap_id = $2 and starts_at = $3 and generation = $6
     on conflict (account_id, cap_id, starts_at) do update
        set ends_at = excluded.ends_at, count = excluded.count, failed_count = excluded.failed_count,
            held = case when cap_windows.generation = excluded.generation then cap_windows.held else 0 end,
            generation = excluded.generation, updated_at = excluded.updated_at`,
    [accountId, counterId, new Date(fromStartsAt), new Date(toStartsAt), new Date(toEndsAt), generation, new Date(now)],
  );
}

/** What people publish for a cap takes the place of what they said for one window of it. Along the primary key. */
async function endOwnMaximums(
  client: pg.ClientBase,
  { accountId, now, counterIds }: { accountId: string; now: number; counterIds: readonly string[] },
): Promise<void> {
  if (counterIds.length === 0) return;
  await client.query(
    `update cap_windows set own_maximum = null, updated_at = $3
      where account_id = $1 and cap_id = any($2) and own_maximum is not null and ends_at > $3`,
    [accountId, counterIds, new Date(now)],
  );
}

async function writeDeployed(
  client: pg.ClientBase,
  request: { flow: FlowRecord; plan: DeployPlan; now: number },
): Promise<FlowRecord> {
  const { flow, plan, now } = request;
  await client.query(
    `update flow_revisions set cap_generations = $4, errors = null, deployed_at = $5
      where account_id = $1 and flow_id = $2 and revision = $3`,
    [flow.accountId, flow.id, flow.revision, JSON.stringify(plan.capGenerations), new Date(now)],
  );
  await client.query('update flows set deployed_revision = $3 where account_id = $1 and id = $2', [
    flow.accountId,
    flow.id,
    flow.revision,
  ]);
  return { ...flow, errors: null, deployedRevision: flow.revision };
}
