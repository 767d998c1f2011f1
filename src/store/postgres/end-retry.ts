import type pg from 'pg';
import { unitsOf } from '../../caps/cap-units.ts';
import { assert } from '../../lib/assert.ts';
import { type Ids, instantOfId } from '../../lib/ids.ts';
import type { EventType } from '../../model/event.ts';
import type { Money } from '../../model/money.ts';
import { countSold, type NewRetry, type NewUnknown } from '../../pipeline/run-store.ts';
import type { Resolution } from '../../retries/retry.ts';
import type { AfterEvent, AttemptEnd, AttemptKey, UnknownResolution } from '../../retries/retry-store.ts';
import type { Holds } from '../../stored/holds.ts';
import { parseHolds, writeHolds } from '../../stored/holds.ts';
import { insertLaterDigest } from './later-digest.ts';
import { decideLeadHolds, type FreedPlace, settlePlaces } from './lead-holds.ts';
import { takeBackLateRevenue } from './money-entries.ts';
import { addHolds } from './own-runs.ts';

/*
 * What is written after a lead's end: the ends of attempts, and what somebody found out about unknown deliveries. Each
 * in one transaction, one at a time: there are few beside the leads. Lock order: run row, retry row, unknowns, lead,
 * its holds, list items, caps.
 */

/** Of the lead that an attempt or a resolution belongs to. */
interface LeadPlace {
  accountId: string;
  leadId: string;
  flowId: string;
  sourceId: string;
}

/** Writes an attempt's event, settles its places and says what comes next; `fenced` when the attempt is no longer ours. */
export async function endAttempt(
  client: pg.ClientBase,
  { end, nodeId, ids }: { end: AttemptEnd; nodeId: string; ids: Ids },
): Promise<'ended' | 'fenced'> {
  const { retry, attemptId } = end.claim;
  const held = await endRun(client, { accountId: retry.accountId, attemptId, nodeId });
  if (!held) return 'fenced';
  await client.query('select from retries where account_id = $1 and id = $2 for update', [retry.accountId, retry.id]);
  const wasOpen =
    end.resolves !== null && (await closeUnknowns(client, { ...retry, resolution: end.resolves, note: null }));
  await insertEvent(client, { lead: retry, event: end.event });
  if (end.event.outcome === 'success') await takeBackLateRevenue(client, { ...retry, ids });
  if (end.unknown) await insertUnknown(client, retry, end.unknown);
  const { accountId } = retry;
  const freed = wasOpen && end.resolves ? freedBy({ ...end, resolution: end.resolves }, wasOpen) : [];
  const { rowCount } = await client.query(
    `update retries set status = $3, attempts = attempts + 1, next_attempt_at = $4, last_outcome = $5, last_reason = $6,
       node_id = null, attempt_id = null, updated_at = now()
      where account_id = $1 and id = $2 and attempt_id = $7`,
    [
      retry.accountId,
      retry.id,
      end.status,
      end.nextAttemptAt === null ? null : new Date(end.nextAttemptAt),
      end.event.outcome,
      end.event.reason,
      attemptId,
    ],
  );
  assert(rowCount === 1, `the retry ${retry.id} of an attempt of ours is running`);
  const lead = await decideLeadHolds(client, retry);
  const ended = { caps: held.caps, isUsed: end.keepsPlaces, sale: end.sale };
  await settlePlaces(client, { accountId, lead, ended, freed, refusals: end.refusals ?? [] });
  return 'ended';
}

/** Nothing was sent: the attempt's places go back and its retry waits again. `fenced` when it is no longer ours. */
export async function giveBack(
  client: pg.ClientBase,
  at: AttemptKey & { nodeId: string; nextAttemptAt: number | null },
): Promise<'ended' | 'fenced'> {
  const { accountId, retryId, attemptId, nextAttemptAt } = at;
  const held = await endRun(client, at);
  if (!held) return 'fenced';
  await client.query(
    `update retries set status = 'waiting', node_id = null, attempt_id = null,
       next_attempt_at = coalesce($4, next_attempt_at), updated_at = now()
      where account_id = $1 and id = $2 and attempt_id = $3`,
    [accountId, retryId, attemptId, nextAttemptAt === null ? null : new Date(nextAttemptAt)],
  );
  await settlePlaces(client, { accountId, lead: null, ended: { caps: held.caps, isUsed: false }, freed: [] });
  return 'ended';
}

/**
 * The fence: a run row that is still ours is deleted with its intents and returns what they held, whatever the process
 * believed after a claim in doubt. undefined: it is not ours.
 */
async function endRun(
  client: pg.ClientBase,
  { accountId, attemptId, nodeId }: { accountId: string; attemptId: string; nodeId: string },
): Promise<Holds | undefined> {
  const { rows } = await client.query<{ holds: unknown }>(
    `with ended as (
       delete from runs where account_id = $1 and lead_id = $2 and node_id = $3 returning account_id, lead_id, holds
     ), gone as (
       delete from intents i using ended e where i.account_id = e.account_id and i.lead_id = e.lead_id returning i.holds
     )
     select holds from ended union all select holds from gone`,
    [accountId, attemptId, nodeId],
  );
  if (rows.length === 0) return undefined;
  return rows.map(({ holds }) => parseHolds(holds)).reduce(addHolds);
}

/** A user resolves a delivery: the places it kept are used or released, and its event records it. */
export async function resolveUnknown(
  client: pg.ClientBase,
  { found, ids }: { found: UnknownResolution; ids: Ids },
): Promise<'resolved' | 'again' | 'busy'> {
  const { accountId, eventId, resolution, note, event } = found;
  const { rows } = await client.query<UnknownPlace>(
    `select account_id as "accountId", lead_id as "leadId", flow_id as "flowId", source_id as "sourceId",
       step_id as "stepId", recipient_id as "recipientId"
     from unknowns where account_id = $1 and event_id = $2 and resolved_at is null`,
    [accountId, eventId],
  );
  const place = rows[0];
  if (!place) return 'again';
  const retries = await lockRetries(client, place);
  if (retries.some(({ status }) => status === 'running')) return 'busy';
  const closed = await closeUnknowns(client, { ...place, resolution, note });
  if (!closed) return 'again';
  await insertEvent(client, { lead: place, event });
  if (resolution === 'delivered') await takeBackLateRevenue(client, { ...place, ids });
  await redirectRetry(client, { found, place, retry: retries[0] });
  const lead = await decideLeadHolds(client, place);
  await settlePlaces(client, { accountId, lead, freed: freedBy(found, closed) });
  return 'resolved';
}

interface OpenRetry {
  id: string;
  status: string;
}

/** Retries of one delivery that have not ended, or that wait for its resolution. By retries_by_lead. */
async function lockRetries(client: pg.ClientBase, place: UnknownPlace): Promise<OpenRetry[]> {
  const { rows } = await client.query<OpenRetry>(
    `select id, status from retries
      where account_id = $1 and lead_id = $2 and step_id = $3 and status in ('waiting', 'running', 'unknown')
      order by id for update`,
    [place.accountId, place.leadId, place.stepId],
  );
  return rows;
}

/**
 * What was delivered is not sent again. What was not is due at once when that is asked for; else a retry that was
 * waiting goes on, and one that waited for the resolution has failed.
 */
async function redirectRetry(
  client: pg.ClientBase,
  at: { found: UnknownResolution; place: UnknownPlace; retry: OpenRetry | undefined },
): Promise<void> {
  const { found, place, retry } = at;
  if (!retry) {
    if (found.retry) await insertRetry(client, place, found.retry);
    return;
  }
  const otherwise = found.resolution === 'delivered' ? 'cancelled' : retry.status === 'unknown' ? 'failed' : 'waiting';
  const status = found.retry ? 'waiting' : otherwise;
  await client.query(
    `update retries set status = $3, updated_at = now(), last_reason = case when $3 = 'waiting' then last_reason else $4 end,
       next_attempt_at = case when $3 <> 'waiting' then null else coalesce($5, next_attempt_at) end
      where account_id = $1 and id = $2`,
    [
      place.accountId,
      retry.id,
      status,
      `Resolved: ${found.resolution === 'delivered' ? 'delivered' : 'not delivered'}`,
      found.retry ? new Date(found.retry.nextAttemptAt) : null,
    ],
  );
}

interface UnknownPlace extends LeadPlace {
  stepId: string;
  recipientId: string;
}

interface ClosedUnknown {
  holds: unknown;
}

/**
 * Closes what is open of one delivery: attempts of unknown end are the same delivery, by the key the
 * recipient knows. By unknowns_by_lead. undefined: nothing was open.
 */
async function closeUnknowns(
  client: pg.ClientBase,
  at: { accountId: string; leadId: string; stepId: string; resolution: Resolution; note: string | null },
): Promise<ClosedUnknown[] | undefined> {
  const { rows } = await client.query<ClosedUnknown>(
    `update unknowns set resolved_at = now(), resolution = $4, note = $5
      where account_id = $1 and lead_id = $2 and step_id = $3 and resolved_at is null
      returning holds`,
    [at.accountId, at.leadId, at.stepId, at.resolution, at.note],
  );
  return rows.length > 0 ? rows : undefined;
}

/** The places of deliveries that did not arrive; of those that did, what was held and not paid. */
function freedBy(
  { resolution, sale }: { resolution: Resolution; sale?: Money | undefined },
  closed: readonly ClosedUnknown[],
): FreedPlace[] {
  return closed
    .flatMap(({ holds }) => parseHolds(holds).caps)
    .map((hold) => ({ hold, units: unitsOf(hold) - (resolution === 'delivered' ? countSold(hold, sale) : 0) }));
}

/** The next event of the lead; its row is locked, because two retries of one lead must not take the same place. */
export async function insertEvent(
  client: pg.ClientBase,
  { lead, event, type = 'retry' }: { lead: LeadPlace; event: AfterEvent; type?: EventType },
): Promise<void> {
  const { accountId, leadId, flowId, sourceId } = lead;
  await client.query('select from leads where account_id = $1 and id = $2 for update', [accountId, leadId]);
  const { rows } = await client.query<{ seq: number }>(
    `insert into events (account_id, lead_id, seq, id, type, outcome, reason, flow_id, source_id, step_id, recipient_id, facts)
     select $1, $2, coalesce(max(e.seq), -1) + 1, $3, $11, $4, $5, $6, $7, $8, $9, $10
       from events e where e.account_id = $1 and e.lead_id = $2
     returning seq`,
    [
      accountId,
      leadId,
      event.id,
      event.outcome,
      event.reason,
      flowId,
      sourceId,
      event.stepId,
      event.recipientId,
      event.facts,
      type,
    ],
  );
  const seq = rows[0]?.seq;
  assert(seq !== undefined, `the event ${event.id} has a place among those of its lead`);
  await insertLaterDigest(client, { accountId, id: event.id, lead: { leadId, from: seq, to: seq, entryIds: [] } });
  if (event.document !== null) {
    await client.query('insert into lead_data (account_id, lead_id, part, document) values ($1, $2, $3, $4)', [
      ...[accountId, leadId, seq, event.document],
    ]);
  }
  // Along the primary key of channels, of which an account has a few.
  await client.query(
    `insert into outbox (account_id, channel_id, lead_id, seq, last_seq, added_at)
     select $1, c.id, $2, $4, $4, $5 from event_channels c
      where c.account_id = $1 and c.is_active and coalesce(c.flow_id, $3) = $3
        and (c.flow_ids is null or $3 = any(c.flow_ids))`,
    [accountId, leadId, flowId, seq, new Date(instantOfId(event.id))],
  );
}

async function insertUnknown(client: pg.ClientBase, lead: LeadPlace, unknown: NewUnknown): Promise<void> {
  await client.query(
    `insert into unknowns (account_id, lead_id, event_id, flow_id, source_id, step_id, recipient_id, reason, holds,
       happened_at, inner_account_id, inner_lead_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      lead.accountId,
      lead.leadId,
      unknown.eventId,
      lead.flowId,
      lead.sourceId,
      unknown.stepId,
      unknown.recipientId,
      unknown.reason,
      writeHolds(unknown.holds),
      new Date(unknown.happenedAt),
      unknown.innerLead?.accountId ?? null,
      unknown.innerLead?.leadId ?? null,
    ],
  );
}

async function insertRetry(client: pg.ClientBase, lead: LeadPlace, retry: NewRetry): Promise<void> {
  await client.query(
    `insert into retries (account_id, lead_id, id, event_id, flow_id, source_id, step_id, recipient_id, status,
       next_attempt_at, last_outcome, last_reason, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $10, $11, now(), now())`,
    [
      lead.accountId,
      lead.leadId,
      retry.id,
      retry.eventId,
      lead.flowId,
      lead.sourceId,
      retry.stepId,
      retry.recipientId,
      new Date(retry.nextAttemptAt),
      retry.outcome,
      retry.reason,
    ],
  );
}
