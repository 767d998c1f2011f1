import type pg from 'pg';
import { listForms, type Person } from '../../keeping/person.ts';
import { hashNormalValue } from '../../pipeline/ping/ping-values.ts';
import { type ChangedClasses, forgetClasses, noteChange } from './forget-classes.ts';

/** Pings of one read: hashing their values holds the process for some 20 ms. */
const PAGE_PINGS = 200;
/** 200 million pings. */
const PAGES_MAX = 1_000_000;

/**
 * Takes the keyed hashes out of pings that carry the person, redeemed or not. Each ping hashes with its own id, so none can be
 * looked up: what the person would be hashed to is compared with every value of every ping of the account, which takes about
 * a minute for half a million pings of ten fields. A post may still redeem such a ping; its values are compared with nothing.
 * Returns how many pings there were.
 */
export async function erasePings(
  client: pg.ClientBase,
  { accountId, person, hashListValue }: { accountId: string; person: Person; hashListValue(value: string): Buffer },
): Promise<number> {
  const forms = listForms(person);
  let erased = 0;
  let after = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { rows } = await client.query<{ id: string; values: Record<string, string> | null }>(PINGS, [
      accountId,
      after,
    ]);
    const ids = rows.flatMap(({ id: pingId, values }) => {
      const isCarried = ([fieldId, hash]: [string, string]) =>
        forms.some((form) => hashNormalValue(form, { pingId, fieldId, hashListValue }) === hash);
      return Object.entries(values ?? {}).some(isCarried) ? [pingId] : [];
    });
    await forgetPings(client, { accountId, pingIds: ids });
    erased += ids.length;
    if (rows.length < PAGE_PINGS) return erased;
    after = rows.at(-1)?.id ?? after;
  }
  return erased;
}

/** Along the primary keys of the partitions, merged. */
const PINGS = `
  select id, facts -> 'values' as values from pings
   where account_id = $1 and id > $2 order by id limit ${PAGE_PINGS}`;

/** Takes the hashes of values out of pings, their reason, and the class that it is counted by. By the primary key. */
export async function forgetPings(
  client: pg.ClientBase,
  { accountId, pingIds }: { accountId: string; pingIds: readonly string[] },
): Promise<void> {
  if (pingIds.length === 0) return;
  const keys = [accountId, pingIds];
  const { rows } = await client.query<{ reason: string }>(
    'select reason from pings where account_id = $1 and id = any($2) and reason is not null for update',
    keys,
  );
  await client.query(
    `update pings p set reason = null, facts = (p.facts::jsonb - 'values')::json where p.account_id = $1 and p.id = any($2)`,
    keys,
  );
  const classes: ChangedClasses = new Map();
  for (const { reason } of rows) noteChange(classes, { before: reason, after: null });
  await forgetClasses(client, { accountId, classes });
}
