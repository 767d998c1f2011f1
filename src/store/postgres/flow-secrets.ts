import type pg from 'pg';
import { CONNECTION_STRING_PATH, dropMask, takeConnectionString } from '../../flows/connection-string.ts';
import type { JsonObject } from '../../flows/flow-json.ts';
import { assert } from '../../lib/assert.ts';
import type { SecretBox } from '../secret-box.ts';

interface FlowKey {
  accountId: string;
  flowId: string;
}

/**
 * Seals what is secret in a document and returns it with a mask in its place. The secret is that of the flow, not of a
 * revision: like a credential it is used from now on, before the next deploy, too. A mask of a flow that has no secret is
 * taken out, so that nothing looks as if it were stored.
 */
export async function sealFlowSecrets(
  client: Pick<pg.ClientBase, 'query'>,
  {
    accountId,
    flowId,
    document,
    now,
    box,
  }: FlowKey & { document: JsonObject; now: number; box: SecretBox | undefined },
): Promise<JsonObject> {
  const taken = takeConnectionString(document);
  if (taken.secret === null) {
    const unmasked = dropMask(taken.document);
    const isKept = unmasked === taken.document || (await hasSecret(client, { accountId, flowId }));
    return isKept ? taken.document : unmasked;
  }
  assert(box !== undefined, 'a store that saves flows can seal their secrets');
  await client.query(
    `insert into flow_secrets as s (account_id, flow_id, name, sealed_secret, updated_at) values ($1, $2, $3, $4, $5)
     on conflict (account_id, flow_id, name) do update
        set sealed_secret = excluded.sealed_secret, updated_at = excluded.updated_at`,
    [
      ...[accountId, flowId, CONNECTION_STRING_PATH],
      ...[box.seal(taken.secret, flowSecretContext(flowId, CONNECTION_STRING_PATH)), new Date(now)],
    ],
  );
  return taken.document;
}

/** By primary key. */
async function hasSecret(client: Pick<pg.ClientBase, 'query'>, { accountId, flowId }: FlowKey): Promise<boolean> {
  const { rows } = await client.query('select from flow_secrets where account_id = $1 and flow_id = $2 and name = $3', [
    accountId,
    flowId,
    CONNECTION_STRING_PATH,
  ]);
  return rows.length > 0;
}

/** By primary key; null: there is none, or it was sealed with another key. */
export async function readConnectionString(
  pool: pg.Pool,
  { accountId, flowId, box }: FlowKey & { box: SecretBox },
): Promise<string | null> {
  const { rows } = await pool.query<{ sealed_secret: Buffer }>(
    'select sealed_secret from flow_secrets where account_id = $1 and flow_id = $2 and name = $3',
    [accountId, flowId, CONNECTION_STRING_PATH],
  );
  return rows[0] ? box.open(rows[0].sealed_secret, flowSecretContext(flowId, CONNECTION_STRING_PATH)) : null;
}

/** Where a sealed secret of a flow belongs. */
export function flowSecretContext(flowId: string, name: string): string {
  return `flow_secret:${flowId}:${name}`;
}
