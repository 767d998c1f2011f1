import type pg from 'pg';
import { listKeysInForce } from '../../access/key-principal.ts';
import type { FlowSurroundings } from '../../flow-compiler/flow-compiler.ts';
import type { ReadSurroundings } from '../../flows/flow-surroundings.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Account } from '../../model/entity.ts';
import type { Field } from '../../model/field.ts';
import type { SecretBox } from '../secret-box.ts';
import { createAccountStore } from './accounts.ts';
import { createApiKeyStore } from './api-keys.ts';
import { readNamedBatches } from './batches.ts';
import { readCredentialNames } from './credentials.ts';
import { readLiveDestinations } from './destinations.ts';
import { createEntityStore } from './entities.ts';
import { FIELD_COLUMNS, type FieldRow, fieldOf } from './fields.ts';
import { readLookedUpLists } from './lists.ts';
import { readLivePricingServices } from './pricing-services.ts';

export interface SurroundingsReaderDeps extends Pick<FlowSurroundings, 'modules' | 'urlProblem' | 'flowTargets'> {
  pool: pg.Pool;
  box: SecretBox;
  clock: Pick<Clock, 'now'>;
}

/** Reads what flows may name, along the primary keys of nine tables; an account has up to some thousands of rows. */
export function createSurroundingsReader(deps: SurroundingsReaderDeps): ReadSurroundings {
  const { pool, box, clock, modules, urlProblem, flowTargets } = deps;
  const accounts = createAccountStore(pool);
  const entities = createEntityStore(pool);
  const apiKeys = createApiKeyStore(pool);
  return async (accountId) => {
    const account = await accounts.find(accountId);
    if (account === null) return null;
    const named = await Promise.all([
      readFields(pool, accountId),
      readLookedUpLists(pool, accountId),
      readLiveDestinations(pool, { accountId, box }),
      readLivePricingServices(pool, { accountId, box }),
      readCredentialNames(pool, accountId),
      readNamedBatches(pool, accountId),
      entities.listNames(accountId),
      listKeysInForce({ apiKeys, clock }, accountId),
    ]);
    return {
      ...shapeNamed(account, named),
      ...(modules && { modules }),
      ...(urlProblem && { urlProblem }),
      ...(flowTargets && { flowTargets }),
    };
  };
}

type Named = [
  fields: StoredField[],
  lists: FlowSurroundings['lists'],
  destinations: FlowSurroundings['destinations'],
  pricingServices: FlowSurroundings['pricingServices'],
  credentials: FlowSurroundings['credentials'],
  batches: FlowSurroundings['batches'],
  entities: NonNullable<FlowSurroundings['entities']>,
  keys: NonNullable<FlowSurroundings['keys']>,
];

function shapeNamed(
  account: Account,
  [fields, lists, destinations, pricingServices, credentials, batches, entities, keys]: Named,
): FlowSurroundings {
  return {
    account,
    customFields: fields.filter(({ isDeleted }) => !isDeleted).map(({ field }) => field),
    deletedFields: fields.filter(({ isDeleted }) => isDeleted).map(({ field }) => field),
    lists,
    destinations,
    pricingServices,
    credentials,
    batches,
    entities,
    keys,
  };
}

interface StoredField {
  field: Field;
  isDeleted: boolean;
}

/** Along the primary key. */
async function readFields(pool: pg.Pool, accountId: string): Promise<StoredField[]> {
  const { rows } = await pool.query<FieldRow & { is_deleted: boolean }>(
    `select ${FIELD_COLUMNS}, deleted_at is not null as is_deleted from fields where account_id = $1 order by id`,
    [accountId],
  );
  return rows.map((row) => ({ field: fieldOf(row), isDeleted: row.is_deleted }));
}
