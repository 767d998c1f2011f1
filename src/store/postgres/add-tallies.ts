import { createHash } from 'node:crypto';
import type pg from 'pg';
import { STANDARD_FIELDS } from '../../fields/standard-fields.ts';
import { MEASURES, NO_PRICE } from '../../statistics/measures.ts';
import { type Kind, type KindTally, listAmounts, type PlaceTallies, type Tallies } from '../../statistics/tallies.ts';

/** Kinds of an account; beyond it, new ones differ no more by their reason. */
export const KINDS_MAX = 20_000;
const OTHER_REASONS = '(other)';

/** Adds sums to the tables of counts. The caller holds the row of the account in `digest_progress`. */
export async function addStoredTallies(
  client: pg.ClientBase,
  { accountId, tallies }: { accountId: string; tallies: Tallies },
): Promise<void> {
  const places = [...tallies.places.values()];
  await addKinds(client, { accountId, places });
  await addStatisticsKeys(client, { accountId, places });
  await addMeasures(client, { accountId, places });
  await addLatencies(client, { accountId, places });
  await addFields(client, { accountId, places });
}

interface Added {
  accountId: string;
  places: readonly PlaceTallies[];
}

interface PlacedKind extends Kind {
  flowId: string;
  sourceId: string;
}

async function addKinds(client: pg.ClientBase, { accountId, places }: Added): Promise<void> {
  const all = places.flatMap(({ flowId, sourceId, kinds }) =>
    Array.from(kinds.values(), (tally) => named({ ...tally, kind: { ...tally.kind, flowId, sourceId } })),
  );
  if (all.length === 0) return;
  const fresh = await findNewKinds(client, { accountId, kinds: [...new Set(all.map(({ id }) => id))] });
  const isFull = fresh.size > 0 && (await countKinds(client, accountId)) + fresh.size > KINDS_MAX;
  const kept = isFull ? all.map((tally) => (fresh.has(tally.id) ? withoutReason(tally) : tally)) : all;
  const tallies = foldTallies(kept);
  if (fresh.size > 0) await insertKinds(client, { accountId, tallies });
  await client.query(ADD_EVENT_TALLIES, [
    accountId,
    tallies.map(({ id }) => id),
    tallies.map(({ bucket }) => bucket),
    tallies.map(({ events }) => events),
    tallies.map(({ leads }) => leads),
    tallies.map(({ firstId }) => firstId),
    tallies.map(({ lastId }) => lastId),
  ]);
}

interface NamedTally extends Omit<KindTally, 'kind'> {
  id: string;
  kind: PlacedKind;
}

function named(tally: Omit<NamedTally, 'id'>): NamedTally {
  return { ...tally, id: hashKind(tally.kind) };
}

/** The first 8 bytes of the SHA-256, as PostgreSQL writes a bigint. */
function hashKind(kind: PlacedKind): string {
  const { subject, type, outcome, flowId, sourceId, stepId, recipientId, reasonClass } = kind;
  const parts = [subject, type, outcome, flowId, sourceId, stepId, recipientId, reasonClass];
  return createHash('sha256').update(parts.join('\t')).digest().readBigInt64BE(0).toString();
}

function withoutReason({ kind, ...tally }: NamedTally): NamedTally {
  return named({ ...tally, kind: { ...kind, reasonClass: kind.reasonClass === '' ? '' : OTHER_REASONS } });
}

/** One statement may not touch a row twice. */
function foldTallies(all: readonly NamedTally[]): NamedTally[] {
  const folded = new Map<string, NamedTally>();
  for (const tally of all) {
    const key = `${tally.id} ${tally.bucket}`;
    const known = folded.get(key);
    if (!known) folded.set(key, { ...tally });
    else {
      known.events += tally.events;
      known.leads += tally.leads;
      if (tally.firstId < known.firstId) known.firstId = tally.firstId;
      if (tally.lastId > known.lastId) known.lastId = tally.lastId;
    }
  }
  return [...folded.values()];
}

/** Along the primary key. */
async function findNewKinds(
  client: pg.ClientBase,
  { accountId, kinds }: { accountId: string; kinds: readonly string[] },
): Promise<Set<string>> {
  const { rows } = await client.query<{ kind: string }>(
    'select kind from event_kinds where account_id = $1 and kind = any($2::int8[])',
    [accountId, kinds],
  );
  const known = new Set(rows.map(({ kind }) => kind));
  return new Set(kinds.filter((kind) => !known.has(kind)));
}

/** Asked only when there is a new one. */
async function countKinds(client: pg.ClientBase, accountId: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from event_kinds where account_id = $1',
    [accountId],
  );
  return rows[0]?.count ?? 0;
}

async function insertKinds(
  client: pg.ClientBase,
  { accountId, tallies }: { accountId: string; tallies: readonly NamedTally[] },
): Promise<void> {
  const kinds = [...new Map(tallies.map((tally) => [tally.id, tally])).values()];
  const column = (name: keyof PlacedKind) => kinds.map(({ kind }) => kind[name]);
  await client.query(
    `insert into event_kinds (account_id, kind, subject, type, outcome, flow_id, source_id, step_id, recipient_id, reason_class)
     select $1, k.* from unnest($2::int8[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
       $10::text[]) as k
     on conflict do nothing`,
    [
      accountId,
      kinds.map(({ id }) => id),
      ...[column('subject'), column('type'), column('outcome'), column('flowId'), column('sourceId')],
      ...[column('stepId'), column('recipientId'), column('reasonClass')],
    ],
  );
}

/** Of `event_tallies_by_day`: events of an hour (UTC); null: none. */
export function columnOfHour(hour: number): string {
  return `h${hour}`;
}

const HOURS = Array.from({ length: 24 }, (_, hour) => ({ hour, name: columnOfHour(hour) }));
const HOUR_COLUMNS = HOURS.map(({ name }) => `, ${name}`).join('');

/** By the quarter and by the day with its hours, in one statement. The kinds are looked up by the primary key. */
const ADD_EVENT_TALLIES = `
  with added as materialized (
    select k.id, a.bucket, a.events, a.leads, decode(a.first_id, 'hex') as first_id, decode(a.last_id, 'hex') as last_id
      from unnest($2::int8[], $3::int[], $4::int[], $5::int[], $6::text[] collate "C", $7::text[] collate "C")
           as a(kind, bucket, events, leads, first_id, last_id)
      join event_kinds k on k.account_id = $1 and k.kind = a.kind
  ), by_day as (
    select a.id, a.bucket / 96 as day, sum(a.events) as events, sum(a.leads) as leads,
           decode(min(encode(a.first_id, 'hex') collate "C"), 'hex') as first_id,
           decode(max(encode(a.last_id, 'hex') collate "C"), 'hex') as last_id
           ${HOURS.map(({ hour, name }) => `, sum(a.events) filter (where a.bucket / 4 % 24 = ${hour}) as ${name}`).join('')}
      from added a group by 1, 2
  ), days as (
    insert into event_tallies_by_day as t (kind, day, events, leads, first_id, last_id${HOUR_COLUMNS})
    select d.id, d.day, d.events, nullif(d.leads, d.events), d.first_id, nullif(d.last_id, d.first_id)${HOUR_COLUMNS} from by_day d
    on conflict (kind, day) do update set ${addTally()}${HOURS.map(({ name }) => `, ${name} = ${sumOf(name)}`).join('')}
  )
  insert into event_tallies as t (kind, bucket, events, leads, first_id, last_id)
  select a.id, a.bucket, a.events, nullif(a.leads, a.events), a.first_id, nullif(a.last_id, a.first_id) from added a
  on conflict (kind, bucket) do update set ${addTally()}`;

/** null: as many leads as events, and a last id that is the first one. */
function addTally(): string {
  return `
    events = t.events + excluded.events,
    leads = nullif(coalesce(t.leads, t.events) + coalesce(excluded.leads, excluded.events), t.events + excluded.events),
    first_id = least(t.first_id, excluded.first_id),
    last_id = nullif(
      greatest(coalesce(t.last_id, t.first_id), coalesce(excluded.last_id, excluded.first_id)),
      least(t.first_id, excluded.first_id))`;
}

interface PlacedKey {
  level: string;
  flowId: string;
  sourceId: string;
  recipientId: string;
  price: number;
}

/** What is new gets its number. By the primary key; the account is counted by one process at a time. */
async function addStatisticsKeys(client: pg.ClientBase, { accountId, places }: Added): Promise<void> {
  const keys = new Map<string, PlacedKey>();
  const add = (key: PlacedKey) =>
    keys.set(`${key.level} ${key.flowId} ${key.sourceId} ${key.recipientId} ${key.price}`, key);
  for (const { flowId, sourceId, measures, latencies } of places) {
    for (const { level, recipientId, price } of measures.values()) add({ level, flowId, sourceId, recipientId, price });
    for (const { level, recipientId } of latencies.values())
      add({ level, flowId, sourceId, recipientId, price: NO_PRICE });
  }
  if (keys.size === 0) return;
  const all = [...keys.values()];
  await client.query(
    `insert into statistics_keys (account_id, level, flow_id, source_id, recipient_id, price)
     select $1, a.* from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::int8[])
            as a(level, flow_id, source_id, recipient_id, price)
      where not exists (
        select from statistics_keys k
         where k.account_id = $1 and k.level = a.level and k.flow_id = a.flow_id and k.source_id = a.source_id
           and k.recipient_id = a.recipient_id and k.price = a.price)
     on conflict do nothing`,
    [
      accountId,
      all.map(({ level }) => level),
      all.map(({ flowId }) => flowId),
      all.map(({ sourceId }) => sourceId),
      all.map(({ recipientId }) => recipientId),
      all.map(({ price }) => price),
    ],
  );
}

/**
 * A statement names the measures that anything is added to: most have nothing in most seconds. It adds by the day, by the
 * hour, and by the quarter what is not of the first one of an hour.
 */
async function addMeasures(client: pg.ClientBase, { accountId, places }: Added): Promise<void> {
  const rows = places.flatMap(({ flowId, sourceId, measures }) =>
    Array.from(measures.values(), (row) => ({ ...row, flowId, sourceId, amounts: listAmounts(row) })),
  );
  if (rows.length === 0) return;
  const used = [...new Set(rows.flatMap(({ amounts }) => [...amounts.keys()]))].toSorted((a, b) => a - b);
  const columns = used.flatMap((place) => MEASURES[place] ?? []);
  await client.query(buildAddMeasures(columns), [
    accountId,
    rows.map(({ level }) => level),
    rows.map(({ bucket }) => bucket),
    rows.map(({ flowId }) => flowId),
    rows.map(({ sourceId }) => sourceId),
    rows.map(({ recipientId }) => recipientId),
    rows.map(({ price }) => price),
    ...used.map((place) => rows.map(({ amounts }) => amounts.get(place) ?? null)),
  ]);
}

function buildAddMeasures(columns: readonly (typeof MEASURES)[number][]): string {
  const names = columns.map(({ name }) => `, ${name}`).join('');
  const arrays = columns.map(({ unit }, index) => `, $${index + 8}::${unit === 'money' ? 'int8' : 'int'}[]`).join('');
  const sums = columns.map(({ name }) => `, sum(a.${name})`).join('');
  const added = columns.map(({ name }) => `${name} = ${sumOf(name)}`).join(', ');
  const orAdd = added === '' ? 'nothing' : `update set ${added}`;
  return `
    with added as materialized (
      select k.key, a.*
        from unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::int8[]${arrays})
             as a(level, bucket, flow_id, source_id, recipient_id, price${names})
        join statistics_keys k on k.account_id = $1 and k.level = a.level and k.flow_id = a.flow_id
         and k.source_id = a.source_id and k.recipient_id = a.recipient_id and k.price = a.price
    ), days as (
      insert into statistics_days as t (key, day${names})
      select a.key, a.bucket / 96${sums} from added a group by 1, 2
      on conflict (key, day) do ${orAdd}
    ), quarters as (
      insert into statistics_quarters as t (key, quarter${names})
      select a.key, a.bucket${sums} from added a where a.bucket % 4 <> 0 group by 1, 2
      on conflict (key, quarter) do ${orAdd}
    )
    insert into statistics_hours as t (key, hour${names})
    select a.key, a.bucket / 4${sums} from added a group by 1, 2
    on conflict (key, hour) do ${orAdd}`;
}

function sumOf(name: string): string {
  return `case when excluded.${name} is null then t.${name} else coalesce(t.${name}, 0) + excluded.${name} end`;
}

async function addLatencies(client: pg.ClientBase, { accountId, places }: Added): Promise<void> {
  const rows = places.flatMap(({ flowId, sourceId, latencies }) =>
    Array.from(latencies.values(), (row) => ({ ...row, flowId, sourceId })),
  );
  if (rows.length === 0) return;
  await client.query(
    `insert into latency_tallies as t (key, bucket, slot, count)
     select k.key, a.bucket, a.slot, a.count
       from unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::int2[], $8::int[])
            as a(level, bucket, flow_id, source_id, recipient_id, slot, count)
       join statistics_keys k on k.account_id = $1 and k.level = a.level and k.flow_id = a.flow_id
        and k.source_id = a.source_id and k.recipient_id = a.recipient_id and k.price = ${NO_PRICE}
     on conflict (key, bucket, slot) do update set count = t.count + excluded.count`,
    [
      accountId,
      rows.map(({ level }) => level),
      rows.map(({ bucket }) => bucket),
      rows.map(({ flowId }) => flowId),
      rows.map(({ sourceId }) => sourceId),
      rows.map(({ recipientId }) => recipientId),
      rows.map(({ slot }) => slot),
      rows.map(({ count }) => count),
    ],
  );
}

/** Names inside objects come from senders: what is no field of the account is not counted. */
async function addFields(client: pg.ClientBase, { accountId, places }: Added): Promise<void> {
  const sums = new Map<string, { flowId: string; fieldId: string; bucket: number; leads: number }>();
  for (const { flowId, fields } of places) {
    for (const { fieldId, bucket, leads } of fields.values()) {
      const key = `${flowId} ${bucket} ${fieldId}`;
      const known = sums.get(key);
      if (known) known.leads += leads;
      else sums.set(key, { flowId, fieldId, bucket, leads });
    }
  }
  const all = [...sums.values()];
  const foreign = all.map(({ fieldId }) => fieldId).filter((id) => !STANDARD_FIELDS.has(id));
  const own = await findOwnFields(client, { accountId, ids: [...new Set(foreign)] });
  const rows = all.filter(({ fieldId }) => STANDARD_FIELDS.has(fieldId) || own.has(fieldId));
  if (rows.length === 0) return;
  await addFieldKeys(client, { accountId, rows });
  await client.query(
    `insert into field_tallies as t (key, bucket, leads)
     select k.key, a.bucket, a.leads
       from unnest($2::text[], $3::text[], $4::int[], $5::int[]) as a(flow_id, field_id, bucket, leads)
       join field_keys k on k.account_id = $1 and k.flow_id = a.flow_id and k.field_id = a.field_id
     on conflict (key, bucket) do update set leads = t.leads + excluded.leads`,
    [
      accountId,
      rows.map(({ flowId }) => flowId),
      rows.map(({ fieldId }) => fieldId),
      rows.map(({ bucket }) => bucket),
      rows.map(({ leads }) => leads),
    ],
  );
}

/** As above. */
async function addFieldKeys(
  client: pg.ClientBase,
  { accountId, rows }: { accountId: string; rows: readonly { flowId: string; fieldId: string }[] },
): Promise<void> {
  const keys = [...new Map(rows.map((row) => [`${row.flowId} ${row.fieldId}`, row])).values()];
  await client.query(
    `insert into field_keys (account_id, flow_id, field_id)
     select $1, a.* from unnest($2::text[], $3::text[]) as a(flow_id, field_id)
      where not exists (
        select from field_keys k where k.account_id = $1 and k.flow_id = a.flow_id and k.field_id = a.field_id)
     on conflict do nothing`,
    [accountId, keys.map(({ flowId }) => flowId), keys.map(({ fieldId }) => fieldId)],
  );
}

/** Deleted ones too: flows that use them run on. Along the primary key. */
async function findOwnFields(
  client: pg.ClientBase,
  { accountId, ids }: { accountId: string; ids: readonly string[] },
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await client.query<{ id: string }>('select id from fields where account_id = $1 and id = any($2)', [
    accountId,
    ids,
  ]);
  return new Set(rows.map(({ id }) => id));
}
