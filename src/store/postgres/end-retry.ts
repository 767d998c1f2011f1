import type pg from 'pg';
import type { Resolution } from '../../retries/retry.ts';
import type { AfterEvent, AttemptEnd, UnknownResolution } from '../../retries/retry-store.ts';
import type { Holds, NewRetry, NewUnknown, OrphanedRun } from '../store.ts';
import { holdsFromJson, holdsToJson } from './holds-json.ts';

/*
 * What is written after a lead's end: the ends of attempts, and what somebody found out about unknown deliveries. Each
 * in one transaction, one at a time: there are few beside the leads. Lock order: run or retry row, unknowns, lead, list
 * items, caps.
 */

/** Of the lead that an attempt or a resolution belongs to. */
interface LeadPlace {
  accountId: string;
  leadId: string;
  flowId: string;
  sourceId: string;
}

/** Writes an attempt's event, settles its places and says what comes next; `fenced` when it is no longer ours to tell. */
export async function endAttempt(
  client: pg.ClientBase,
  at: { end: AttemptEnd; nodeId: string },
): Promise<'ended' | 'fenced'> {
  const { end } = at;
  const { retry } = end.claim;
  if (!(await takeEnd(client, at))) return 'fenced';
  const wasOpen =
    end.resolves !== null && (await closeUnknowns(client, { ...retry, resolution: end.resolves, note: null }));
  await insertEvent(client, { lead: retry, event: end.event });
  if (end.unknown) await insertUnknown(client, retry, end.unknown);
  if (wasOpen && end.resolves === 'not_delivered') await releaseUnknown(client, { ...retry, released: wasOpen });
  await settleHolds(client, { accountId: retry.accountId, held: end.held, keeps: end.keepsPlaces });
  await client.query(
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
      end.claim.attemptId,
    ],
  );
  return 'ended';
}

/** Of an attempt that held places and had sent nothing when its process went. */
export async function dropRun(
  client: pg.ClientBase,
  { orphan, nodeId }: { orphan: OrphanedRun; nodeId: string },
): Promise<'ended' | 'fenced'> {
  const { accountId, leadId: attemptId } = orphan.run;
  const { rowCount } = await client.query('delete from runs where account_id = $1 and lead_id = $2 and node_id = $3', [
    accountId,
    attemptId,
    nodeId,
  ]);
  if (rowCount !== 1) return 'fenced';
  await client.query(
    `update retries set status = 'waiting', node_id = null, attempt_id = null, updated_at = now()
      where account_id = $1 and id = $2 and attempt_id = $3`,
    [accountId, orphan.run.retryId, attemptId],
  );
  await settleHolds(client, { accountId, held: orphan.held, keeps: false });
  return 'ended';
}

/** The fence: the run row is still ours, and goes; an attempt without one must still be in its retry row. */
async function takeEnd(client: pg.ClientBase, at: { end: AttemptEnd; nodeId: string }): Promise<boolean> {
  const { end, nodeId } = at;
  const { accountId, id } = end.claim.retry;
  if (end.hasRun) {
    const { rowCount } = await client.query(
      'delete from runs where account_id = $1 and lead_id = $2 and node_id = $3',
      [accountId, end.claim.attemptId, nodeId],
    );
    if (rowCount !== 1) return false;
  }
  const { rowCount } = await client.query(
    `select from retries where account_id = $1 and id = $2 and attempt_id = $3 and status = 'running' for update`,
    [accountId, id, end.claim.attemptId],
  );
  return rowCount === 1;
}

/** Somebody says what became of a delivery: the places it kept are used or go back, and its event tells it. */
export async function resolveUnknown(
  client: pg.ClientBase,
  resolution: UnknownResolution,
): Promise<'resolved' | 'again'> {
  const { accountId, eventId, event, retry } = resolution;
  const { rows } = await client.query<UnknownPlace>(
    `select account_id as "accountId", lead_id as "leadId", flow_id as "flowId", source_id as "sourceId",
       step_id as "stepId", recipient_id as "recipientId"
     from unknowns where account_id = $1 and event_id = $2 and resolved_at is null`,
    [accountId, eventId],
  );
  const place = rows[0];
  if (!place) return 'again';
  const closed = await closeUnknowns(client, { ...place, resolution: resolution.resolution, note: resolution.note });
  if (!closed) return 'again';
  await insertEvent(client, { lead: place, event });
  if (resolution.resolution === 'not_delivered') await releaseUnknown(client, { ...place, released: closed });
  if (retry) await insertRetry(client, place, retry);
  return 'resolved';
}

interface UnknownPlace extends LeadPlace {
  stepId: string;
  recipientId: string;
}

interface ClosedUnknown {
  holds: unknown;
  lead_holds: unknown;
}

/**
 * Closes what is open of one delivery: attempts that nobody knows the end of are the same delivery, by the key the
 * recipient knows. By unknowns_by_lead. undefined: nothing was open.
 */
async function closeUnknowns(
  client: pg.ClientBase,
  at: { accountId: string; leadId: string; stepId: string; resolution: Resolution; note: string | null },
): Promise<ClosedUnknown[] | undefined> {
  const { rows } = await client.query<ClosedUnknown>(
    `update unknowns set resolved_at = now(), resolution = $4, note = $5
      where account_id = $1 and lead_id = $2 and step_id = $3 and resolved_at is null
      returning holds, lead_holds`,
    [at.accountId, at.leadId, at.stepId, at.resolution, at.note],
  );
  return rows.length > 0 ? rows : undefined;
}

/** Gives back what was kept because of a delivery that did not arrive; the lead's own places only with the last such. */
async function releaseUnknown(
  client: pg.ClientBase,
  at: { accountId: string; leadId: string; released: readonly ClosedUnknown[] },
): Promise<void> {
  const { accountId, leadId, released } = at;
  const { rowCount: others } = await client.query(
    `select from unknowns where account_id = $1 and lead_id = $2 and lead_holds is not null
       and (resolved_at is null or resolution = 'delivered')`,
    [accountId, leadId],
  );
  const lead = released.find(({ lead_holds: holds }) => holds !== null);
  const leadHolds = lead && !others ? holdsFromJson(lead.lead_holds) : { caps: [], lists: [] };
  for (const { listId, value } of leadHolds.lists) {
    // Its own entry only: the value may have been added again since, by a lead that was sold.
    await client.query(
      `delete from list_items i using leads l
        where i.account_id = $1 and i.list_id = $2 and i.value = $3 and i.holder is null
          and l.account_id = $1 and l.id = $4 and i.added_at = l.submitted_at`,
      [accountId, listId, value, leadId],
    );
  }
  const caps = [...released.flatMap(({ holds }) => holdsFromJson(holds).caps), ...leadHolds.caps];
  for (const { capId, startsAt, generation } of sorted(caps)) {
    await client.query(
      `update cap_windows set count = count - 1, updated_at = now()
        where account_id = $1 and cap_id = $2 and starts_at = $3 and generation = $4 and count > 0`,
      [accountId, capId, new Date(startsAt), generation],
    );
  }
}

/** A reset since then has raised the generation, and leaves the row alone (decision 10). */
async function settleHolds(
  client: pg.ClientBase,
  { accountId, held, keeps }: { accountId: string; held: Holds; keeps: boolean },
): Promise<void> {
  for (const { capId, startsAt, generation } of sorted(held.caps)) {
    await client.query(
      `update cap_windows set count = count + $5, held = held - 1, updated_at = now()
        where account_id = $1 and cap_id = $2 and starts_at = $3 and generation = $4`,
      [accountId, capId, new Date(startsAt), generation, keeps ? 1 : 0],
    );
  }
}

/** In the order every transaction locks windows in. */
function sorted(caps: Holds['caps']): Holds['caps'] {
  return caps.toSorted((a, b) => (a.capId === b.capId ? a.startsAt - b.startsAt : a.capId < b.capId ? -1 : 1));
}

/** The next event of the lead; its row is locked, because two retries of one lead must not take the same place. */
async function insertEvent(
  client: pg.ClientBase,
  { lead, event }: { lead: LeadPlace; event: AfterEvent },
): Promise<void> {
  const { accountId, leadId, flowId, sourceId } = lead;
  await client.query('select from leads where account_id = $1 and id = $2 for update', [accountId, leadId]);
  const { rows } = await client.query<{ seq: number }>(
    `insert into events (account_id, lead_id, seq, id, type, outcome, reason, flow_id, source_id, step_id, recipient_id, facts)
     select $1, $2, coalesce(max(e.seq), -1) + 1, $3, 'retry', $4, $5, $6, $7, $8, $9, $10
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
    ],
  );
  if (event.document === null) return;
  await client.query('insert into lead_data (account_id, lead_id, part, document) values ($1, $2, $3, $4)', [
    accountId,
    leadId,
    rows[0]?.seq,
    event.document,
  ]);
}

async function insertUnknown(client: pg.ClientBase, lead: LeadPlace, unknown: NewUnknown): Promise<void> {
  await client.query(
    `insert into unknowns (account_id, lead_id, event_id, flow_id, source_id, step_id, recipient_id, reason, holds,
       lead_holds, happened_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null, $10)`,
    [
      lead.accountId,
      lead.leadId,
      unknown.eventId,
      lead.flowId,
      lead.sourceId,
      unknown.stepId,
      unknown.recipientId,
      unknown.reason,
      holdsToJson(unknown.holds),
      new Date(unknown.happenedAt),
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
