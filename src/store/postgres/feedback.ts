import type pg from 'pg';
import {
  DECIDERS,
  FEEDBACK_PER_LEAD_MAX,
  FEEDBACK_STATUSES,
  type Feedback,
  type MoneyEntry,
} from '../../feedback/feedback.ts';
import type {
  FeedbackChange,
  FeedbackMarks,
  FeedbackPage,
  FeedbackStore,
  MoneyStore,
  ReceivedFeedback,
} from '../../feedback/feedback-store.ts';
import { assert } from '../../lib/assert.ts';
import { FEEDBACK_TYPES, RETURN_DECISIONS } from '../../model/flow.ts';
import type { Money } from '../../model/money.ts';
import { LEAD_OUTCOMES } from '../../model/outcome.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { insertEvent } from './end-retry.ts';
import { findEventPlace } from './events.ts';
import { inTransaction } from './in-transaction.ts';
import { ORDER } from './leads.ts';
import { insertEntry, takeBackRevenue } from './money-entries.ts';

export function createFeedbackStore(pool: pg.Pool, record: RecordChange = RECORD_NOTHING): FeedbackStore {
  return {
    findLeadOfEvent: (eventId) => findEventPlace(pool, eventId),
    receive: (feedback, marks) => inTransaction(pool, (client) => receive(client, { feedback, marks, record })),
    change: (change) => inTransaction(pool, (client) => changeFeedback(client, { change, record })),
    find: (key) => findFeedback(pool, key),
    page: (page) => pageOfFeedback(pool, page),
    listDueRelays: (at) => listDue(pool, { ...at, sql: DUE_RELAYS }),
    listOverdue: (at) => listDue(pool, { ...at, sql: OVERDUE }),
  };
}

export function createMoneyStore(pool: pg.Pool): MoneyStore {
  return { listEntries: (key) => listEntries(pool, key) };
}

const COLUMNS = [
  ...['account_id', 'id', 'lead_id', 'flow_id', 'source_id', 'step_id', 'recipient_id', 'delivery_event_id', 'type'],
  ...['reason', 'status', 'outcome', 'outcome_reason', 'decided_by', 'note', 'refunds_cost', 'deadline_at'],
  ...['default_decision', 'attempts', 'next_attempt_at', 'event_id', 'received_at', 'decided_at'],
].join(', ');

/** The lead’s row is locked, so that of two equal returns one finds the other. */
async function receive(
  client: pg.ClientBase,
  {
    feedback,
    marks,
    record,
  }: { feedback: Feedback; marks: FeedbackMarks & { isOnce?: boolean }; record: RecordChange },
): Promise<ReceivedFeedback> {
  const { accountId, leadId } = feedback;
  await client.query('select from leads where account_id = $1 and id = $2 for update', [accountId, leadId]);
  const isReturn = feedback.type === 'return';
  const known = marks.isOnce === true ? await findSame(client, feedback) : undefined;
  const earlier = known ?? (isReturn ? await findReturn(client, feedback) : undefined);
  if (earlier) return { kind: 'again', feedback: earlier };
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from feedback where account_id = $1 and lead_id = $2',
    [accountId, leadId],
  );
  if ((rows[0]?.count ?? 0) >= FEEDBACK_PER_LEAD_MAX) return { kind: 'full' };
  await insertFeedback(client, feedback);
  await writeMarks(client, feedback, marks);
  await record(client, accountId, {
    ...{ kind: 'feedback', action: 'create', subject: { id: feedback.id, name: null } },
    ...{ before: null, after: { document: documentOf(feedback) } },
  });
  return { kind: 'received' };
}

/** The same row of a file, else what says the same and was not refused. By the primary key and feedback_by_lead. */
async function findSame(
  client: pg.ClientBase,
  { accountId, id, leadId, recipientId, type, reason }: Feedback,
): Promise<Feedback | undefined> {
  const { rows } = await client.query<FeedbackRow>(
    `select ${COLUMNS} from feedback
      where account_id = $1 and lead_id = $3
        and (id = $2 or (recipient_id = $4 and type = $5 and reason is not distinct from $6 and status <> 'refused'))
      order by id = $2 desc, id limit 1`,
    [accountId, id, leadId, recipientId, type, reason],
  );
  return rows[0] && feedbackOf(rows[0]);
}

/** By feedback_returns. */
async function findReturn(
  client: pg.ClientBase,
  { accountId, leadId, recipientId }: Feedback,
): Promise<Feedback | undefined> {
  const { rows } = await client.query<FeedbackRow>(
    `select ${COLUMNS} from feedback
      where account_id = $1 and lead_id = $2 and recipient_id = $3 and type = 'return' and status <> 'refused'`,
    [accountId, leadId, recipientId],
  );
  return rows[0] && feedbackOf(rows[0]);
}

async function insertFeedback(client: pg.ClientBase, feedback: Feedback): Promise<void> {
  await client.query(
    `insert into feedback (${COLUMNS})
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
    [
      ...[feedback.accountId, feedback.id, feedback.leadId, feedback.flowId, feedback.sourceId, feedback.stepId],
      ...[feedback.recipientId, feedback.deliveryEventId, feedback.type, feedback.reason, feedback.status],
      ...[feedback.outcome, feedback.outcomeReason, feedback.decidedBy, feedback.note, feedback.refundsCost],
      ...[dateOf(feedback.deadlineAt), feedback.defaultDecision, feedback.attempts, dateOf(feedback.nextAttemptAt)],
      ...[feedback.eventId, dateOf(feedback.receivedAt), dateOf(feedback.decidedAt)],
    ],
  );
}

/** Lock order: the lead, then its feedback. */
async function changeFeedback(
  client: pg.ClientBase,
  { change, record }: { change: FeedbackChange; record: RecordChange },
): Promise<boolean> {
  const { before, after } = change;
  const { accountId, id } = before;
  await client.query('select from leads where account_id = $1 and id = $2 for update', [accountId, before.leadId]);
  const { rowCount } = await client.query(
    `update feedback set status = $5, outcome = $6, outcome_reason = $7, decided_by = $8, note = $9, attempts = $10,
       next_attempt_at = $11, event_id = $12, decided_at = $13
      where account_id = $1 and id = $2 and status = $3 and attempts = $4`,
    [
      ...[accountId, id, before.status, before.attempts],
      ...[after.status, after.outcome, after.outcomeReason, after.decidedBy, after.note, after.attempts],
      ...[dateOf(after.nextAttemptAt), after.eventId, dateOf(after.decidedAt)],
    ],
  );
  if (rowCount !== 1) return false;
  await writeMarks(client, after, change);
  if (after.decidedBy !== 'person' || before.decidedBy === 'person') return true;
  await record(client, accountId, {
    ...{ kind: 'feedback', action: after.status === 'declined' ? 'decline' : 'accept', subject: { id, name: null } },
    ...{ before: { document: documentOf(before) }, after: { document: documentOf(after) } },
  });
  return true;
}

/** Without the recipient's words and the note, which may quote the lead. */
function documentOf({ id, type, status, leadId, flowId, stepId, recipientId }: Feedback): object {
  return { id, type, status, lead_id: leadId, flow_id: flowId, step_id: stepId, recipient_id: recipientId };
}

async function writeMarks(client: pg.ClientBase, feedback: Feedback, marks: FeedbackMarks): Promise<void> {
  const { stepId, recipientId } = feedback;
  for (const { type, ...event } of marks.events)
    await insertEvent(client, { lead: feedback, type, event: { ...event, stepId, recipientId } });
  for (const entry of marks.entries) await insertEntry(client, { accountId: feedback.accountId, entry });
  if (marks.revenueBack) await takeBackRevenue(client, { accountId: feedback.accountId, back: marks.revenueBack });
}

async function findFeedback(pool: pg.Pool, key: { accountId: string; id: string }): Promise<Feedback | null> {
  const { rows } = await pool.query<FeedbackRow>(`select ${COLUMNS} from feedback where account_id = $1 and id = $2`, [
    key.accountId,
    key.id,
  ]);
  return rows[0] ? feedbackOf(rows[0]) : null;
}

/** Along the primary key. */
async function pageOfFeedback(pool: pg.Pool, page: FeedbackPage): Promise<Feedback[]> {
  const { accountId, range, filter, sort, limit } = page;
  const { rows } = await pool.query<FeedbackRow>(
    `select ${COLUMNS} from feedback
      where account_id = $1 and id > $2 and id < $3
        and ($4::text[] is null or type = any($4))
        and ($5::text[] is null or status = any($5))
        and ($6::text[] is null or flow_id = any($6))
        and ($7::text[] is null or source_id = any($7))
        and ($8::text[] is null or recipient_id = any($8))
        and ($9::text[] is null or lead_id = any($9))
      order by id ${ORDER[sort]} limit $10`,
    [
      ...[accountId, range.after, range.before, filter.types, filter.statuses, filter.flowIds, filter.sourceIds],
      ...[filter.recipientIds, filter.leadIds, limit],
    ],
  );
  return rows.map(feedbackOf);
}

/** For all accounts, as every part of a spread database can be asked by itself. Along feedback_relaying. */
const DUE_RELAYS = `select ${COLUMNS} from feedback where status = 'relaying' and next_attempt_at <= $1
  order by next_attempt_at limit $2`;

/** For all accounts, too. Along feedback_pending. */
const OVERDUE = `select ${COLUMNS} from feedback where status = 'pending' and deadline_at <= $1 order by deadline_at limit $2`;

async function listDue(pool: pg.Pool, at: { sql: string; now: number; limit: number }): Promise<Feedback[]> {
  const { rows } = await pool.query<FeedbackRow>(at.sql, [new Date(at.now), at.limit]);
  return rows.map(feedbackOf);
}

/** By the primary key. */
async function listEntries(pool: pg.Pool, key: { accountId: string; leadId: string }): Promise<MoneyEntry[]> {
  const { rows } = await pool.query<EntryRow>(
    `select id, lead_id, kind, amount, event_id, flow_id, source_id, recipient_id, created_at from money_entries
      where account_id = $1 and lead_id = $2 order by id`,
    [key.accountId, key.leadId],
  );
  return rows.map((row) => ({
    id: row.id,
    leadId: row.lead_id,
    kind: row.kind === 'cost' ? 'cost' : 'revenue',
    amount: Number(row.amount) as Money, // the column is in the unit of Money
    reason: 'return',
    eventId: row.event_id,
    flowId: row.flow_id,
    sourceId: row.source_id,
    recipientId: row.recipient_id,
    createdAt: row.created_at.getTime(),
  }));
}

interface EntryRow {
  id: string;
  lead_id: string;
  kind: string;
  amount: string;
  event_id: string;
  flow_id: string;
  source_id: string;
  recipient_id: string;
  created_at: Date;
}

interface FeedbackRow {
  account_id: string;
  id: string;
  lead_id: string;
  flow_id: string;
  source_id: string;
  step_id: string;
  recipient_id: string;
  delivery_event_id: string;
  type: string;
  reason: string | null;
  status: string;
  outcome: string | null;
  outcome_reason: string | null;
  decided_by: string | null;
  note: string | null;
  refunds_cost: boolean;
  deadline_at: Date | null;
  default_decision: string | null;
  attempts: number;
  next_attempt_at: Date | null;
  event_id: string | null;
  received_at: Date;
  decided_at: Date | null;
}

function feedbackOf(row: FeedbackRow): Feedback {
  const type = FEEDBACK_TYPES.find((known) => known === row.type);
  const status = FEEDBACK_STATUSES.find((known) => known === row.status);
  assert(type && status, `feedback ${row.id} has a known type and status`);
  return {
    accountId: row.account_id,
    id: row.id,
    leadId: row.lead_id,
    flowId: row.flow_id,
    sourceId: row.source_id,
    stepId: row.step_id,
    recipientId: row.recipient_id,
    deliveryEventId: row.delivery_event_id,
    type,
    reason: row.reason,
    status,
    outcome: LEAD_OUTCOMES.find((known) => known === row.outcome) ?? null,
    outcomeReason: row.outcome_reason,
    decidedBy: DECIDERS.find((known) => known === row.decided_by) ?? null,
    note: row.note,
    refundsCost: row.refunds_cost,
    deadlineAt: row.deadline_at?.getTime() ?? null,
    defaultDecision: RETURN_DECISIONS.find((known) => known === row.default_decision) ?? null,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at?.getTime() ?? null,
    eventId: row.event_id,
    receivedAt: row.received_at.getTime(),
    decidedAt: row.decided_at?.getTime() ?? null,
  };
}

function dateOf(epochMs: number | null): Date | null {
  return epochMs === null ? null : new Date(epochMs);
}
