import { IANAZone } from 'luxon';
import type { Principal } from '../../access/principal.ts';
import type { AccountStore } from '../../accounts/account-store.ts';
import { describeUntil, KEPT, keepsOf } from '../../keeping/periods.ts';
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
  facts_retention_in_days?: number | null;
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
  const { facts_retention_in_days: factsDays } = body;
  if (factsDays === null) delete account.factsRetentionInDays;
  else if (factsDays !== undefined) account.factsRetentionInDays = factsDays;
  if (keepsOf(account).facts < account.dataRetentionInDays) return invalidDocument([TOO_SHORT]);
  await accounts.update(account);
  return answer(200, describeAccount(account));
}

/** `GET /account/retention`: the table of periods, with the days of the account. */
export async function listPeriods(
  { accounts }: AccountDeps,
  { principal }: { principal: Principal },
): Promise<ApiResult> {
  const account = await findAccount(accounts, principal);
  const periods = KEPT.map((row) => ({
    what: row.what,
    tables: row.tables,
    values_of_people: row.personal,
    kept: describeUntil(row, account),
    deleted_by: row.deletedBy,
  }));
  return answer(200, periods);
}

async function findAccount(accounts: AccountStore, { accountId }: Principal): Promise<Account> {
  const account = await accounts.find(accountId);
  assert(account, 'a principal has an account');
  return account;
}

const TOO_SHORT = {
  path: 'facts_retention_in_days',
  message: 'Must be at least data_retention_in_days; null: as long as that.',
};

function describeAccount(account: Account): object {
  const { id, name, timeZone, dataRetentionInDays, dataTruncatedAt, isPingEnabled } = account;
  return {
    id,
    name,
    time_zone: timeZone,
    data_retention_in_days: dataRetentionInDays,
    facts_retention_in_days: keepsOf(account).facts,
    data_truncated_at: dataTruncatedAt === undefined ? null : new Date(dataTruncatedAt).toISOString(),
    lead_ping_enabled: isPingEnabled,
  };
}
