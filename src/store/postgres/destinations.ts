import type pg from 'pg';
import type { Change } from '../../access/activity.ts';
import type { Destination, DestinationAction, DestinationStore, FlowUsage } from '../../destinations/destination.ts';
import type { LiveDestination } from '../../flow-compiler/compiled-flow.ts';
import type { SecretBox } from '../secret-box.ts';
import { announceConfig, lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';

/** Every change raises the account's configuration version: the flows that use the destination are compiled anew. */
export function createDestinationStore(
  pool: pg.Pool,
  box: SecretBox,
  record: RecordChange = RECORD_NOTHING,
): DestinationStore {
  const changing = <T>(accountId: string, work: (client: pg.ClientBase) => Promise<T>): Promise<T> =>
    inTransaction(pool, async (client) => {
      await lockAccount(client, accountId);
      const result = await work(client);
      await announceConfig(client, accountId);
      return result;
    });
  return {
    list: async (accountId) => {
      const { rows } = await pool.query<DestinationRow>(
        `select ${COLUMNS} from destinations d where d.account_id = $1 order by d.created_at, d.instance_id`,
        [accountId],
      );
      return rows.map(destinationOf);
    },
    find: (key) => findDestination(pool, key),
    usages: async (accountId) => usagesOf(await readNamings(pool, { accountId, instanceId: null })),
    insert: (accountId, { destination, secret, now }) =>
      changing(accountId, async (client) => {
        await client.query(
          `insert into destinations (account_id, instance_id, name, integration_name, integration_icon_url, actions,
             sealed_secret, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
          [
            accountId,
            ...columnsOf(destination),
            box.seal(secret, destinationContext(destination.instance_id)),
            new Date(now),
          ],
        );
        await record(client, accountId, changeOf(null, destination));
      }),
    replace: (accountId, { destination, now }) =>
      changing(accountId, async (client) => {
        const { instance_id: instanceId, actions } = destination;
        const found = await findDestination(client, { accountId, instanceId });
        if (!found) return { kind: 'missing' };
        const kept = new Set(actions.map((action) => action.action_id));
        const namings = await readNamings(client, { accountId, instanceId });
        // What it never had is a problem of the flow, and reported there.
        const had = found.actions.map((action) => action.action_id).filter((id) => !kept.has(id));
        const losing = namings.filter((naming) => naming.actionIds.some((id) => had.includes(id)));
        if (losing.length > 0) return { kind: 'used', flows: flowsOf(losing) };
        await client.query(
          `update destinations set name = $3, integration_name = $4, integration_icon_url = $5, actions = $6, updated_at = $7
            where account_id = $1 and instance_id = $2`,
          [accountId, ...columnsOf(destination), new Date(now)],
        );
        await record(client, accountId, changeOf(found, destination));
        return { kind: 'done', destination };
      }),
    writeSecret: ({ accountId, instanceId }, { secret, now }) =>
      changing(accountId, async (client) => {
        const { rowCount } = await client.query(
          'update destinations set sealed_secret = $3, updated_at = $4 where account_id = $1 and instance_id = $2',
          [accountId, instanceId, box.seal(secret, destinationContext(instanceId)), new Date(now)],
        );
        const destination = rowCount === 1 ? await findDestination(client, { accountId, instanceId }) : null;
        // The documents are the same: the secret is in neither.
        if (destination) await record(client, accountId, { ...changeOf(destination, destination), action: 'rotate' });
        return destination !== null;
      }),
    remove: ({ accountId, instanceId }) =>
      changing(accountId, async (client) => {
        const destination = await findDestination(client, { accountId, instanceId });
        if (!destination) return { kind: 'missing' };
        const namings = await readNamings(client, { accountId, instanceId });
        if (namings.length > 0) return { kind: 'used', flows: flowsOf(namings) };
        await client.query('delete from destinations where account_id = $1 and instance_id = $2', [
          accountId,
          instanceId,
        ]);
        await record(client, accountId, changeOf(destination, null));
        return { kind: 'done', destination };
      }),
  };
}

function changeOf(before: Destination | null, after: Destination | null): Change {
  const destination = after ?? before;
  return {
    kind: 'destination',
    action: before === null ? 'create' : after === null ? 'delete' : 'update',
    subject: { id: destination?.instance_id ?? '', name: destination?.name ?? null },
    before: before && { document: before },
    after: after && { document: after },
  };
}

/** By primary key. */
async function findDestination(
  db: Pick<pg.ClientBase, 'query'>,
  { accountId, instanceId }: { accountId: string; instanceId: string },
): Promise<Destination | null> {
  const { rows } = await db.query<DestinationRow>(
    `select ${COLUMNS} from destinations d where d.account_id = $1 and d.instance_id = $2`,
    [accountId, instanceId],
  );
  return rows[0] ? destinationOf(rows[0]) : null;
}

/** A flow that names a destination in its saved or its deployed revision, and the actions it chose. */
interface Naming extends FlowUsage {
  instanceId: string;
  actionIds: string[];
}

/** Along the primary keys of both tables; an account has up to some hundreds of flows. Of one destination or of all. */
async function readNamings(
  db: Pick<pg.ClientBase, 'query'>,
  at: { accountId: string; instanceId: string | null },
): Promise<Naming[]> {
  const { rows } = await db.query<{ id: string; name: string | null; instance_id: string; action_ids: string[] }>(
    `select f.id, saved.document ->> 'name' as name, named ->> 'instance_id' as instance_id,
            array(select jsonb_path_query(named, '$.actions[*].action_id') #>> '{}') as action_ids
       from flows f
       join flow_revisions saved on saved.account_id = f.account_id and saved.flow_id = f.id
        and saved.revision = f.saved_revision
       join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id
        and r.revision in (f.saved_revision, f.deployed_revision)
      cross join lateral jsonb_path_query(r.document, '$.destinations[*]') as named
      where f.account_id = $1 and f.deleted_at is null
        and named ->> 'instance_id' = coalesce($2, named ->> 'instance_id')
      order by f.created_at, f.id`,
    [at.accountId, at.instanceId],
  );
  return rows.map(({ id, name, instance_id: instanceId, action_ids: actionIds }) => ({
    id,
    name: name ?? '',
    instanceId,
    actionIds,
  }));
}

function usagesOf(namings: readonly Naming[]): Map<string, FlowUsage[]> {
  const instanceIds = new Set(namings.map(({ instanceId }) => instanceId));
  return new Map(
    [...instanceIds].map((instanceId) => [
      instanceId,
      flowsOf(namings.filter((naming) => naming.instanceId === instanceId)),
    ]),
  );
}

/** Each flow once, however often its revisions name the destination. */
function flowsOf(namings: readonly Naming[]): FlowUsage[] {
  return [...new Map(namings.map(({ id, name }) => [id, { id, name }])).values()];
}

/** As flows that run need them, with their keys, by account and instance id. Of one account or of all. */
export async function readLiveDestinations(
  pool: pg.Pool,
  { accountId, box }: { accountId: string; box: SecretBox },
): Promise<Map<string, LiveDestination>> {
  const { rows } = await pool.query<DestinationRow & { sealed_secret: Buffer }>(
    `select d.sealed_secret, ${COLUMNS} from destinations d where d.account_id = $1`,
    [accountId],
  );
  return new Map(
    rows.map(({ instance_id: instanceId, name, actions, sealed_secret: sealed }) => [
      instanceId,
      { instanceId, name, actions, secret: box.open(sealed, destinationContext(instanceId)) },
    ]),
  );
}

const COLUMNS = 'd.instance_id, d.name, d.integration_name, d.integration_icon_url, d.actions';

interface DestinationRow {
  instance_id: string;
  name: string;
  integration_name: string;
  integration_icon_url: string | null;
  actions: DestinationAction[];
}

function destinationOf({
  instance_id,
  name,
  integration_name,
  integration_icon_url,
  actions,
}: DestinationRow): Destination {
  return { instance_id, name, integration_name, integration_icon_url: integration_icon_url ?? '', actions };
}

function columnsOf(destination: Destination): unknown[] {
  const { instance_id, name, integration_name, integration_icon_url, actions } = destination;
  return [instance_id, name, integration_name, integration_icon_url, JSON.stringify(actions)];
}

/** Where a destination's sealed key belongs. */
export function destinationContext(instanceId: string): string {
  return `destination:${instanceId}`;
}
