import type pg from 'pg';
import { classifyReason } from '../../statistics/classify-reason.ts';
import { parseTallies, writeTallies } from '../../statistics/stored-digest.ts';
import {
  addKind,
  createTallies,
  type Kind,
  type PlaceTallies,
  placeOf,
  type Subject,
  takeKinds,
} from '../../statistics/tallies.ts';
import { addStoredTallies } from './add-tallies.ts';

/** Classes of reasons that have changed: what they were, and what they are without the values of a person. */
export type ChangedClasses = Map<string, string>;

/** Notes the class of a reason that was changed. Of several ends of one class the shortest has the fewest values. */
export function noteChange(
  classes: ChangedClasses,
  { before, after }: { before: string | null; after: string | null },
): void {
  const [was, is] = [classifyReason(before), classifyReason(after)];
  if (was === is) return;
  const known = classes.get(was);
  if (known === undefined || is.length < known.length) classes.set(was, is);
}

/**
 * Takes the lock of the fold of an account: a fold that runs is waited for, one that began before and saw what is changed now has
 * to begin again, because the row is written (decision page 0091). Locked alone, it would go on.
 */
export async function holdFold(client: pg.ClientBase, accountId: string): Promise<void> {
  await client.query(
    `insert into digest_progress (account_id, updated_at) values ($1, now())
     on conflict (account_id) do update set leads_below = digest_progress.leads_below`,
    [accountId],
  );
}

/**
 * Takes values of people out of the classes that reasons are counted by: a name in `Known: Ann Lee` is in the class too. What is
 * counted, and what waits in `digests`, goes on under the class that the changed reason has. A class that another event, lead or
 * ping still has is no person's (`We do not buy in Texas`) and stays. Call it once the reasons are changed.
 */
export async function forgetClasses(
  client: pg.ClientBase,
  { accountId, classes }: { accountId: string; classes: ChangedClasses },
): Promise<void> {
  if (classes.size === 0) return;
  await holdFold(client, accountId);
  await changeWaiting(client, { accountId, classes });
  // At most all kinds of an account, 20,000, along its part of the primary key.
  const { rows } = await client.query<KindRow>(
    `select id, subject, type, outcome, flow_id, source_id, step_id, recipient_id, reason_class
       from event_kinds where account_id = $1 and reason_class = any($2)`,
    [accountId, [...classes.keys()]],
  );
  for (const row of rows) await changeKind(client, { accountId, row, after: classes.get(row.reason_class) ?? '' });
}

interface KindRow {
  id: number;
  subject: Subject;
  type: string;
  outcome: string;
  flow_id: string;
  source_id: string;
  step_id: string;
  recipient_id: string;
  reason_class: string;
}

interface PlacedKind extends Kind {
  accountId: string;
  flowId: string;
  sourceId: string;
}

interface Range {
  firstId: string;
  lastId: string;
}

/** Quarters of an hour of a kind: one with more is no single person's, and stays. */
const TALLIES_MAX = 2_000;

/** Adds what the kind counts to the kind with the other class, which may be there already. Along the primary keys. */
async function changeKind(
  client: pg.ClientBase,
  { accountId, row, after }: { accountId: string; row: KindRow; after: string },
): Promise<void> {
  const {
    subject,
    type,
    outcome,
    flow_id: flowId,
    source_id: sourceId,
    step_id: stepId,
    recipient_id: recipientId,
  } = row;
  const kind: Kind = { subject, type, outcome, stepId, recipientId, reasonClass: row.reason_class };
  const { rows: counts } = await client.query<Range & { bucket: number; events: number; leads: number }>(
    `select bucket, events, coalesce(leads, events) as leads, encode(first_id, 'hex') as "firstId",
            encode(coalesce(last_id, first_id), 'hex') as "lastId"
       from event_tallies where kind = $1 order by bucket desc limit ${TALLIES_MAX + 1}`,
    [row.id],
  );
  if (counts.length > TALLIES_MAX) return;
  if (await isOfOthers(client, { kind: { ...kind, accountId, flowId, sourceId }, ranges: counts })) return;
  const tallies = createTallies();
  const changed = { ...kind, reasonClass: after };
  for (const count of counts) addKind(placeOf(tallies, { flowId, sourceId }), { ...count, kind: changed });
  await addStoredTallies(client, { accountId, tallies });
  await client.query('delete from event_tallies where kind = $1', [row.id]);
  await client.query('delete from event_tallies_by_day where kind = $1', [row.id]);
  await client.query('delete from event_kinds where account_id = $1 and id = $2', [accountId, row.id]);
}

/** Rows of one read, and reads: more wait only where counting has stood still for days. */
const WAITING_PAGE_ROWS = 500;
const WAITING_PAGES_MAX = 100_000;

/** What is summed up and not counted yet. Along the primary key. */
async function changeWaiting(
  client: pg.ClientBase,
  { accountId, classes }: { accountId: string; classes: ChangedClasses },
): Promise<void> {
  const texts = Array.from(classes.keys(), (each) => JSON.stringify(each));
  let after: [since: string, id: string] = ['', ''];
  for (let page = 0; page < WAITING_PAGES_MAX; page += 1) {
    const { rows } = await client.query<{ since: string; id: string; tallies: string }>(
      `select d.since, d.id, d.tallies from digests d
        where d.account_id = $1 and (d.since, d.id) > ($2, $3) and d.tallies is not null
          and exists (select from unnest($4::text[]) as k(text) where strpos(d.tallies, k.text) > 0)
        order by d.since, d.id limit ${WAITING_PAGE_ROWS}`,
      [accountId, ...after, texts],
    );
    for (const { since, id, tallies: text } of rows) {
      const tallies = parseTallies(text);
      for (const place of tallies.places.values()) await changePlace(client, { accountId, place, classes });
      await client.query('update digests set tallies = $4 where account_id = $1 and since = $2 and id = $3', [
        ...[accountId, since, id, writeTallies(tallies)],
      ]);
    }
    const last = rows.at(-1);
    if (!last || rows.length < WAITING_PAGE_ROWS) return;
    after = [last.since, last.id];
  }
}

async function changePlace(
  client: pg.ClientBase,
  { accountId, place, classes }: { accountId: string; place: PlaceTallies; classes: ChangedClasses },
): Promise<void> {
  const { flowId, sourceId } = place;
  for (const tally of takeKinds(place)) {
    const { kind } = tally;
    const after = classes.get(kind.reasonClass);
    const isKept =
      after === undefined ||
      (await isOfOthers(client, { kind: { ...kind, accountId, flowId, sourceId }, ranges: [tally] }));
    const changed = isKept ? kind : { ...kind, reasonClass: after };
    addKind(place, { ...tally, kind: changed });
  }
}

/** Ranges of ids of one read: a class that many have is met in the first. */
const RANGES_OF_READ = [1, 10, 100, TALLIES_MAX];
/** Rows of one range. Behind so many without the class it is taken for a person's. */
const RANGE_ROWS_MAX = 2_000;

/** Does anything in these ranges of ids still have a reason of the class? */
async function isOfOthers(
  client: pg.ClientBase,
  { kind, ranges }: { kind: PlacedKind; ranges: readonly Range[] },
): Promise<boolean> {
  const { accountId, subject, type, outcome, flowId, sourceId, stepId, recipientId, reasonClass } = kind;
  const ofEvent = subject === 'event' ? [type, stepId, recipientId] : [];
  let from = 0;
  for (const count of RANGES_OF_READ) {
    const read = ranges.slice(from, from + count);
    if (read.length === 0) return false;
    const { rows } = await client.query<{ reason: string }>(REASONS[subject], [
      ...[accountId, read.map(({ firstId }) => firstId), read.map(({ lastId }) => lastId), outcome, flowId, sourceId],
      ...ofEvent,
    ]);
    if (rows.some(({ reason }) => classifyReason(reason) === reasonClass)) return true;
    from += count;
  }
  return false;
}

/** Along events_by_id, or the primary keys of leads and pings. A lead is not younger than its events, to the second. */
const REASONS: Record<Subject, string> = {
  event: reasonsOf(
    'events',
    `t.lead_id < left(r.last_id, 8) || 'g' and t.type = $7 and coalesce(t.step_id, '') = $8 and coalesce(t.recipient_id, '') = $9`,
  ),
  lead: reasonsOf('leads', 'true'),
  ping: reasonsOf('pings', 'true'),
};

function reasonsOf(table: string, condition: string): string {
  return `
    select distinct o.reason from unnest($2::text[] collate "C", $3::text[] collate "C") as r(first_id, last_id)
     cross join lateral (
       select t.reason from ${table} t
        where t.account_id = $1 and t.id >= r.first_id and t.id <= r.last_id and t.outcome = $4 and t.flow_id = $5
          and t.source_id = $6 and ${condition} and t.reason is not null
        order by t.id limit ${RANGE_ROWS_MAX}) o`;
}
