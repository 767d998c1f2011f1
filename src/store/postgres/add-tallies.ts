import { createHash } from 'node:crypto';
import type pg from 'pg';
import { STANDARD_FIELDS } from '../../fields/standard-fields.ts';
import { MEASURES } from '../../statistics/measures.ts';
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

const ADD_EVENT_TALLIES = `
  insert into event_tallies as t (account_id, kind, bucket, events, leads, first_id, last_id)
  select $1, k.* from unnest($2::int8[], $3::int[], $4::int[], $5::int[], $6::text[], $7::text[]) as k
  on conflict (account_id, kind, bucket) do update set
    events = t.events + excluded.events,
    leads = t.leads + excluded.leads,
    first_id = least(t.first_id, excluded.first_id),
    last_id = greatest(t.last_id, excluded.last_id)`;

/** A statement names the measures that anything is added to: most have nothing in most seconds. */
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
  const sums = columns.map(({ name }) => `${name} = ${sumOf(name)}`).join(', ');
  return `
    insert into statistics as t (account_id, level, bucket, flow_id, source_id, recipient_id, price${names})
    select $1, k.* from unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::int8[]${arrays}) as k
    on conflict (account_id, level, bucket, flow_id, source_id, recipient_id, price) do ${sums === '' ? 'nothing' : `update set ${sums}`}`;
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
    `insert into latency_tallies as t (account_id, level, bucket, flow_id, source_id, recipient_id, slot, count)
     select $1, k.* from unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::int2[], $8::int[]) as k
     on conflict (account_id, level, bucket, flow_id, source_id, recipient_id, slot) do update set
       count = t.count + excluded.count`,
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
  await client.query(
    `insert into field_tallies as t (account_id, flow_id, field_id, bucket, leads)
     select $1, k.* from unnest($2::text[], $3::text[], $4::int[], $5::int[]) as k
     on conflict (account_id, flow_id, bucket, field_id) do update set leads = t.leads + excluded.leads`,
    [
      accountId,
      rows.map(({ flowId }) => flowId),
      rows.map(({ fieldId }) => fieldId),
      rows.map(({ bucket }) => bucket),
      rows.map(({ leads }) => leads),
    ],
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
