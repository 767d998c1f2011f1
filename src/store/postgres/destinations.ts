import type pg from 'pg';
import type { Destination, DestinationAction, DestinationStore } from '../../destinations/destination.ts';
import type { LiveDestination } from '../../pipeline/compiled-flow.ts';
import type { SecretBox } from '../secret-box.ts';
import { announceConfig, lockAccount } from './accounts.ts';
import { inTransaction } from './in-transaction.ts';

/** Every change raises the account's configuration version: the flows that use the destination are compiled anew. */
export function createDestinationStore(pool: pg.Pool, box: SecretBox): DestinationStore {
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
    find: async ({ accountId, instanceId }) => {
      const { rows } = await pool.query<DestinationRow>(
        `select ${COLUMNS} from destinations d where d.account_id = $1 and d.instance_id = $2`,
        [accountId, instanceId],
      );
      return rows[0] ? destinationOf(rows[0]) : null;
    },
    insert: (accountId, { destination, secret, now }) =>
      changing(accountId, async (client) => {
        await client.query(
          `insert into destinations (account_id, instance_id, name, integration_name, integration_icon_url, actions,
             sealed_secret, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
          [accountId, ...columnsOf(destination), box.seal(secret, contextOf(destination.instance_id)), new Date(now)],
        );
      }),
    replace: (accountId, { destination, now }) =>
      changing(accountId, async (client) => {
        const { rowCount } = await client.query(
          `update destinations set name = $3, integration_name = $4, integration_icon_url = $5, actions = $6, updated_at = $7
            where account_id = $1 and instance_id = $2`,
          [accountId, ...columnsOf(destination), new Date(now)],
        );
        return rowCount === 1 ? destination : null;
      }),
    writeSecret: ({ accountId, instanceId }, { secret, now }) =>
      changing(accountId, async (client) => {
        const { rowCount } = await client.query(
          'update destinations set sealed_secret = $3, updated_at = $4 where account_id = $1 and instance_id = $2',
          [accountId, instanceId, box.seal(secret, contextOf(instanceId)), new Date(now)],
        );
        return rowCount === 1;
      }),
    remove: ({ accountId, instanceId }) =>
      changing(accountId, async (client) => {
        const { rowCount } = await client.query('delete from destinations where account_id = $1 and instance_id = $2', [
          accountId,
          instanceId,
        ]);
        return rowCount === 1;
      }),
  };
}

/** As flows that run need them, with their keys, by account and instance id. Of one account or of all. */
export async function readLiveDestinations(
  pool: pg.Pool,
  { accountId, box }: { accountId: string | null; box: SecretBox },
): Promise<Map<string, Map<string, LiveDestination>>> {
  const { rows } = await pool.query<DestinationRow & { account_id: string; sealed_secret: Buffer }>(
    `select d.account_id, d.sealed_secret, ${COLUMNS} from destinations d where $1::text is null or d.account_id = $1`,
    [accountId],
  );
  const accounts = new Map<string, Map<string, LiveDestination>>();
  for (const { account_id: account, instance_id: instanceId, name, actions, sealed_secret: sealed } of rows) {
    const live = accounts.get(account) ?? new Map<string, LiveDestination>();
    live.set(instanceId, { instanceId, name, actions, secret: box.open(sealed, contextOf(instanceId)) });
    accounts.set(account, live);
  }
  return accounts;
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
  return { instance_id, name, integration_name, integration_icon_url, actions };
}

function columnsOf(destination: Destination): unknown[] {
  const { instance_id, name, integration_name, integration_icon_url, actions } = destination;
  return [instance_id, name, integration_name, integration_icon_url, JSON.stringify(actions)];
}

function contextOf(instanceId: string): string {
  return `destination:${instanceId}`;
}
