import type { Principal } from '../access/principal.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { Destination, DestinationStore } from '../destinations/destination.ts';
import type { EntityStore } from '../entities/entity.ts';
import type { FieldStore } from '../fields/field-store.ts';
import type { FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import { assert } from '../lib/assert.ts';

/** Has the right form and belongs to no account: nothing is sent with it. */
const KEY = `whsec_${Buffer.alloc(32).toString('base64')}`;

export interface SurroundingsDeps extends Pick<FlowSurroundings, 'modules' | 'urlProblem'> {
  accounts: Pick<AccountStore, 'find'>;
  fields: Pick<FieldStore, 'list'>;
  destinations: Pick<DestinationStore, 'list'>;
  entities?: Pick<EntityStore, 'listNames'>;
  /** The API keys in force, for warnings about sources that ask for one; absent: none are given. */
  listKeysInForce?: (accountId: string) => Promise<readonly Principal[]>;
}

/** The account of a caller and its custom fields: what its flows may name beside themselves. */
export async function loadSurroundings(deps: SurroundingsDeps, accountId: string): Promise<FlowSurroundings> {
  const [account, customFields, destinations, entities, keys] = await Promise.all([
    deps.accounts.find(accountId),
    deps.fields.list(accountId),
    deps.destinations.list(accountId),
    deps.entities?.listNames(accountId),
    deps.listKeysInForce?.(accountId),
  ]);
  assert(account !== null, `the account ${accountId} of an API key exists`);
  const { modules, urlProblem } = deps;
  return {
    account,
    customFields,
    destinations: withoutKeys(destinations),
    ...(entities && { entities }),
    ...(keys && { keys }),
    ...(modules && { modules }),
    ...(urlProblem && { urlProblem }),
  };
}

/** Saving or evaluating a flow needs to know what there is, not how it is signed. */
function withoutKeys(destinations: readonly Destination[]): NonNullable<FlowSurroundings['destinations']> {
  return new Map(
    destinations.map(({ instance_id: instanceId, name, actions }) => [
      instanceId,
      { instanceId, name, actions, secret: KEY },
    ]),
  );
}
