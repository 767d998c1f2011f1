import type pg from 'pg';
import { counterIdOf, unitsOf } from '../../caps/cap-units.ts';
import type { Money } from '../../model/money.ts';
import { type CapRequest, countSold } from '../../pipeline/run-store.ts';
import type { MaximumOf, TakenBy } from '../../retries/retry-store.ts';
import type { CapHold, Holds, ListHold } from '../../stored/holds.ts';
import { parseHolds } from '../../stored/holds.ts';

/*
 * What a lead that was no success holds beyond its end, while a delivery of it is tried again or may have arrived
 * (decisions 24 and 48): its list entries, and its places in the caps of flow and source. The row of `lead_holds` is
 * locked before anything is decided, so that of two deliveries that end at once the later one sees the other's end.
 */

interface LeadKey {
  accountId: string;
  leadId: string;
}

export type LeadHoldState = 'held' | 'counted' | 'released';

/** What is to be done with the places of a lead. */
export interface LeadSettlement {
  leadId: string;
  holds: Holds;
  from: LeadHoldState;
  /** `used`: for good. */
  to: 'used' | 'counted' | 'released';
}

/** The locked row; undefined: the lead was a success, a delivery of it came through, or it held nothing. */
export async function lockLeadHolds(
  client: pg.ClientBase,
  { accountId, leadId }: LeadKey,
): Promise<{ state: LeadHoldState; holds: Holds } | undefined> {
  const { rows } = await client.query<{ state: LeadHoldState; holds: unknown }>(
    'select state, holds from lead_holds where account_id = $1 and lead_id = $2 for update',
    [accountId, leadId],
  );
  const [row] = rows;
  return row && { state: row.state, holds: parseHolds(row.holds) };
}

/**
 * Says what becomes of the lead's own places after one of its deliveries has ended, and writes it to their row; the
 * places themselves are left to `settlePlaces`. null: nothing changes.
 */
export async function decideLeadHolds(client: pg.ClientBase, key: LeadKey): Promise<LeadSettlement | null> {
  const row = await lockLeadHolds(client, key);
  if (!row || row.state === 'released') return null;
  const to = nextState(row.state, await readDeliveries(client, key));
  if (to === null) return null;
  const { accountId, leadId } = key;
  if (to === 'used') {
    await client.query('delete from lead_holds where account_id = $1 and lead_id = $2', [accountId, leadId]);
  } else {
    await client.query('update lead_holds set state = $3 where account_id = $1 and lead_id = $2', [
      accountId,
      leadId,
      to,
    ]);
  }
  return { leadId, holds: row.holds, from: row.state, to };
}

interface Deliveries {
  /** A delivery was reported as successful after the lead’s end. */
  is_sold: boolean;
  /** One may have arrived. */
  is_unknown: boolean;
  /** One is tried again. */
  is_open: boolean;
}

function nextState(
  state: LeadHoldState,
  { is_sold: isSold, is_unknown: isUnknown, is_open: isOpen }: Deliveries,
): LeadSettlement['to'] | null {
  if (isSold) return 'used';
  if (isUnknown) return state === 'counted' ? null : 'counted';
  return isOpen ? null : 'released';
}

/** Of the lead’s deliveries, by the primary key of `events`, unknowns_by_lead and retries_by_lead. */
async function readDeliveries(client: pg.ClientBase, { accountId, leadId }: LeadKey): Promise<Deliveries> {
  const { rows } = await client.query<Deliveries>(
    `select exists (select from events where account_id = $1 and lead_id = $2 and type = 'retry' and outcome = 'success')
         as is_sold,
       exists (select from unknowns where account_id = $1 and lead_id = $2 and resolved_at is null) as is_unknown,
       exists (select from retries where account_id = $1 and lead_id = $2 and status in ('waiting', 'running')) as is_open`,
    [accountId, leadId],
  );
  return rows[0] ?? { is_sold: false, is_unknown: false, is_open: true };
}

/**
 * Settles places: those of the lead, those an attempt held (`ended`), and counted ones of deliveries that did not arrive
 * (`freed`). List items first, then caps, each in the order every transaction locks them in.
 */
export async function settlePlaces(
  client: pg.ClientBase,
  at: {
    accountId: string;
    lead: LeadSettlement | null;
    ended?: { caps: readonly CapHold[]; isUsed: boolean; sale?: Money | undefined };
    freed: readonly FreedPlace[];
    /** Caps that had no room for the attempt; each counts it as failed. */
    refusals?: readonly CapRequest[];
  },
): Promise<void> {
  const { accountId, lead, ended, freed, refusals = [] } = at;
  if (lead) await settleLists(client, { accountId, lead });
  const changes = [
    ...(ended?.caps ?? []).map((hold) => ({
      hold,
      count: ended?.isUsed ? countSold(hold, ended.sale) : 0,
      held: -unitsOf(hold),
    })),
    ...freed.map(({ hold, units }) => ({ hold, count: -units, held: 0 })),
    ...(lead ? lead.holds.caps.map((hold) => ({ hold, ...changeOf(lead, unitsOf(hold)) })) : []),
    ...refusals.map((hold) => ({ hold, count: 0, held: 0, failed: 1 })),
  ].map((change) => ({ failed: 0, ...change }));
  // A reset since then has raised the generation, and leaves the row alone (decision 10).
  for (const { hold, count, held, failed } of changes.toSorted((a, b) => byWindow(a.hold, b.hold))) {
    if (count === 0 && held === 0 && failed === 0) continue;
    await client.query(
      `update cap_windows set count = greatest(count + $5, 0), held = held + $6, failed_count = failed_count + $7,
         updated_at = now()
        where account_id = $1 and cap_id = $2 and starts_at = $3 and generation = $4`,
      [accountId, counterIdOf(hold), new Date(hold.startsAt), hold.generation, count, held, failed],
    );
  }
}

/** A counted place that goes back, or a part of the money that was counted. */
export interface FreedPlace {
  hold: CapHold;
  /** In the unit of its counter. */
  units: number;
}

/** What becomes of each of the lead’s places in its window. */
function changeOf({ from, to }: LeadSettlement, units: number): { count: number; held: number } {
  if (from === 'counted') return { count: to === 'released' ? -units : 0, held: 0 };
  return { count: to === 'released' ? 0 : units, held: -units };
}

async function settleLists(
  client: pg.ClientBase,
  { accountId, lead }: { accountId: string; lead: LeadSettlement },
): Promise<void> {
  const statement = LIST_STATEMENTS[lead.from === 'counted' ? 'counted' : 'held'][lead.to];
  if (statement === null) return;
  for (const { listId, value } of lead.holds.lists.toSorted(byValue))
    await client.query(statement, [accountId, listId, value, lead.leadId]);
}

const KEEP_ENTRY = `update list_items i set added_at = l.submitted_at, holder = null from leads l
  where i.account_id = $1 and i.list_id = $2 and i.value = $3 and i.holder = $4 and l.account_id = $1 and l.id = $4`;

/** What was only held goes, what had been added before stays as it was. */
const RELEASE_ENTRY = `
  with gone as (
    delete from list_items
     where account_id = $1 and list_id = $2 and value = $3 and holder = $4 and added_at is null
  )
  update list_items set holder = null
   where account_id = $1 and list_id = $2 and value = $3 and holder = $4 and added_at is not null`;

/** Its own entry only: the value may have been added again since, by a lead that was sold. */
const REMOVE_ENTRY = `delete from list_items i using leads l
  where i.account_id = $1 and i.list_id = $2 and i.value = $3 and i.holder is null
    and l.account_id = $1 and l.id = $4 and i.added_at = l.submitted_at`;

/** null: nothing is to be done. */
const LIST_STATEMENTS = {
  held: { used: KEEP_ENTRY, counted: KEEP_ENTRY, released: RELEASE_ENTRY },
  counted: { used: null, counted: null, released: REMOVE_ENTRY },
} as const;

function byValue(a: ListHold, b: ListHold): number {
  return a.listId === b.listId ? Buffer.compare(a.value, b.value) : a.listId < b.listId ? -1 : 1;
}

type Window = Pick<CapHold, 'capId' | 'startsAt' | 'amount'>;

function byWindow(a: Window, b: Window): number {
  const [first, second] = [counterIdOf(a), counterIdOf(b)];
  return first === second ? a.startsAt - b.startsAt : first < second ? -1 : 1;
}

/** Why a lead cannot have its places back: what it gave back is another’s now. Undoes the transaction. */
export class PlaceTaken extends Error {
  readonly by: TakenBy;

  constructor(by: TakenBy) {
    super('a place that the lead gave back is taken');
    this.by = by;
  }
}

/**
 * Takes the places of a lead again that it gave back when its last delivery ended: the retry runs once more. Those of a
 * count that was reset or swept since are not missed. Throws PlaceTaken.
 */
export async function takeAgain(client: pg.ClientBase, at: LeadKey & { maximumOf: MaximumOf }): Promise<void> {
  const { accountId, leadId, maximumOf } = at;
  const row = await lockLeadHolds(client, { accountId, leadId });
  if (row?.state !== 'released') return;
  for (const list of row.holds.lists.toSorted(byValue)) await takeValue(client, { accountId, leadId, list });
  for (const hold of row.holds.caps.toSorted(byWindow)) {
    await takePlace(client, { accountId, hold, maximum: maximumOf(hold) });
  }
  await client.query("update lead_holds set state = 'held' where account_id = $1 and lead_id = $2", [
    accountId,
    leadId,
  ]);
}

/** An entry that is older than the lead was none for it when it came, and is none now. */
const TAKE_ENTRY = `
  insert into list_items as i (account_id, list_id, value, holder) values ($1, $2, $3, $4)
  on conflict (account_id, list_id, value) do update set holder = excluded.holder
   where i.holder is null
     and i.added_at < (select submitted_at from leads where account_id = $1 and id = $4)`;

async function takeValue(
  client: pg.ClientBase,
  { accountId, leadId, list }: LeadKey & { list: ListHold },
): Promise<void> {
  const { rowCount } = await client.query(TAKE_ENTRY, [accountId, list.listId, list.value, leadId]);
  if (rowCount === 0) throw new PlaceTaken('list');
}

async function takePlace(
  client: pg.ClientBase,
  { accountId, hold, maximum }: { accountId: string; hold: CapHold; maximum: number | undefined },
): Promise<void> {
  const { rows } = await client.query<{ taken: number; own_maximum: number | null }>(
    `update cap_windows set held = held + $5, updated_at = now()
      where account_id = $1 and cap_id = $2 and starts_at = $3 and generation = $4
      returning (count + held)::float8 as taken, own_maximum::float8 as own_maximum`,
    [accountId, counterIdOf(hold), new Date(hold.startsAt), hold.generation, unitsOf(hold)],
  );
  const [row] = rows;
  // A cap that is no longer in the flow limits nothing.
  if (row && maximum !== undefined && row.taken > (row.own_maximum ?? maximum)) throw new PlaceTaken('cap');
}
