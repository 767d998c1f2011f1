import { IANAZone } from 'luxon';
import type { Principal } from '../../access/principal.ts';
import type { AccountStore } from '../../accounts/account-store.ts';
import { assert } from '../../lib/assert.ts';
import type { Account } from '../../model/entity.ts';
import { type ApiResult, answer } from '../api.ts';
import { invalidDocument } from '../read-body.ts';

export interface AccountDeps {
  accounts: AccountStore;
}

/** `GET /account` (spec api 14), without the key that the original shows there. */
export async function readAccount(
  { accounts }: AccountDeps,
  { principal }: { principal: Principal },
): Promise<ApiResult> {
  return answer(200, describeAccount(await findAccount(accounts, principal)));
}

interface AccountChange {
  name?: string;
  time_zone?: string;
  data_retention_in_days?: number;
  lead_ping_enabled?: boolean;
}

/** `PUT /account`: what is left out stays. Leads see a change at once. */
export async function changeAccount(
  { accounts }: AccountDeps,
  { principal, body }: { principal: Principal; body: AccountChange },
): Promise<ApiResult> {
  if (body.time_zone !== undefined && !IANAZone.isValidZone(body.time_zone))
    return invalidDocument([
      { path: 'time_zone', message: 'Must be a zone of the IANA database, as in America/Chicago.' },
    ]);
  const before = await findAccount(accounts, principal);
  const account: Account = {
    ...before,
    name: body.name ?? before.name,
    timeZone: body.time_zone ?? before.timeZone,
    dataRetentionInDays: body.data_retention_in_days ?? before.dataRetentionInDays,
    isPingEnabled: body.lead_ping_enabled ?? before.isPingEnabled,
  };
  await accounts.update(account);
  return answer(200, describeAccount(account));
}

async function findAccount(accounts: AccountStore, { accountId }: Principal): Promise<Account> {
  const account = await accounts.find(accountId);
  assert(account, 'a principal has an account');
  return account;
}

function describeAccount({ id, name, timeZone, dataRetentionInDays, isPingEnabled }: Account): object {
  return {
    id,
    name,
    time_zone: timeZone,
    data_retention_in_days: dataRetentionInDays,
    lead_ping_enabled: isPingEnabled,
  };
}
