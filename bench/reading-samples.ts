import type pg from 'pg';
import type { Samples } from './reading-requests.ts';

const LEADS = 20;

/** What the requests of the bench name, as the database has it. */
export async function readSamples(db: pg.Client): Promise<Samples> {
  const { rows: range } = await db.query<{ first: string; last: string }>(
    `select min(id) as first, max(id) as last from leads`,
  );
  const [first = '', last = ''] = [range[0]?.first, range[0]?.last];
  const leadIds: string[] = [];
  for (let place = 0; place < LEADS; place += 1)
    leadIds.push(await findLeadFrom(db, idBetween({ first, last, share: (place + 0.5) / LEADS })));
  const middle = idBetween({ first, last, share: 0.5 });
  const person = await readPerson(db, leadIds[LEADS / 2] ?? '');
  const last30Days = new Date(Number.parseInt(last.slice(0, 8), 16) * 1000 - 30 * 86_400_000);
  return {
    leadIds,
    middleEventId: middle,
    middleLeadId: middle,
    // The first flow is the largest; the third source of the sixth went quiet, the last one is small.
    flowId: '5eed00010000000000000000',
    sourceId: '5eed00020000000000000000',
    quietSourceId: '5eed00020000000000000052',
    recipientId: '5eed00030000000000000000',
    rareRecipientId: '5eed00030000000000000074',
    person,
    monthStart: last30Days.toISOString().slice(0, 10),
  };
}

function idBetween({ first, last, share }: { first: string; last: string; share: number }): string {
  const from = Number.parseInt(first.slice(0, 8), 16);
  const to = Number.parseInt(last.slice(0, 8), 16);
  return `${Math.round(from + (to - from) * share)
    .toString(16)
    .padStart(8, '0')}0000000000000000`;
}

/** By the primary key. */
async function findLeadFrom(db: pg.Client, id: string): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `select l.id from accounts a, lateral (
       select id from leads where account_id = a.id and id >= $1 order by id limit 1) l`,
    [id],
  );
  return rows[0]?.id ?? '';
}

async function readPerson(db: pg.Client, leadId: string): Promise<Samples['person']> {
  const { rows } = await db.query<Samples['person']>(
    `select p ->> 'first_name' as "firstName", p ->> 'last_name' as "lastName", p -> 'email' ->> 'normal' as email,
            p -> 'phone_1' ->> 'normal' as phone, p ->> 'city' as city
       from accounts a join lead_data d on d.account_id = a.id and d.lead_id = $1 and d.part = 0,
            lateral (select d.document -> 'vars' -> 'lead' as p) v`,
    [leadId],
  );
  if (!rows[0]) throw new Error(`the lead ${leadId} has no data`);
  return rows[0];
}
