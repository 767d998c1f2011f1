import type { FlowSurroundings } from '../../flows/flow-problems.ts';
import { assert } from '../../lib/assert.ts';
import type { ApiDeps } from '../api.ts';

/** The account of a caller and its custom fields: what its flows may name beside themselves. */
export async function surroundingsOf(
  deps: Pick<ApiDeps, 'accounts' | 'fields'>,
  accountId: string,
): Promise<FlowSurroundings> {
  const [account, customFields] = await Promise.all([deps.accounts.find(accountId), deps.fields.list(accountId)]);
  assert(account !== null, `the account ${accountId} of an API key exists`);
  return { account, customFields };
}
