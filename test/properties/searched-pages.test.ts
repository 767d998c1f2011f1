import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadEvent } from '../../src/events/build-event.ts';
import { compileEventFilter, compileEventRules } from '../../src/events/compile-event-filter.ts';
import type { EventFilter, LeadPageFilter, PageRequest, Sort } from '../../src/events/event-store.ts';
import { NO_AFTER, NO_BEFORE } from '../../src/events/id-range.ts';
import { matchesFilter } from '../../src/events/matches-filter.ts';
import type { NewEvent } from '../../src/events/news-store.ts';
import { classifyReason } from '../../src/statistics/classify-reason.ts';
import { createEventStore } from '../../src/store/postgres/events.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { TEST_SCHEMA } from '../harness/test-schema.ts';

/*
 * Pages that are found by what is counted have the entries that a full scan finds, whatever is asked and however far counting
 * has come (decision page 0093).
 */

const ACCOUNT = '5fd0c0de0000000000000001';
const BEGIN = 0x6500_0000;
const LEADS = 400;
const FLOWS = ['f1', 'f2', 'f3'];
const SOURCES = ['s1', 's2'];
const STEPS = ['step01', 'STEP02'];
const RECIPIENTS = ['r1', 'r2', 'r3'];
const REASONS = [null, 'Cap reached', 'Duplicate of lead 17', 'Duplicate of lead 4711', 'duplicate of lead 3'];
const OUTCOMES = ['success', 'failure', 'error'];

/** Many at the same second: the last and the first one of quarters of an hour, of which the tallies are. */
const QUARTER = Math.ceil((BEGIN + 250_000) / 900) * 900;
const FEEDBACK_SECONDS = [QUARTER - 1, QUARTER, QUARTER + 900];

interface LeadFact {
  id: string;
  flowId: string;
  sourceId: string;
  outcome: string;
  reason: string | null;
  isResubmitted: boolean;
}

interface EventFact {
  id: string;
  leadId: string;
  seq: number;
  type: string;
  outcome: string;
  reason: string | null;
  flowId: string;
  sourceId: string;
  stepId: string | null;
  recipientId: string | null;
}

let database: TestDatabase;
let pool: pg.Pool;
let leads: LeadFact[];
let events: EventFact[];
let seed = 1;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 2 });
  leads = makeLeads();
  events = leads.flatMap(makeEvents).sort(byId);
  await writeLeads();
  await writeEvents();
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** Numbers from 0 to below `bound`, the same in each run. */
function draw(bound: number): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % bound;
}

function pick<T>(from: readonly T[]): T {
  return from[draw(from.length)] as T; // the index is one of the list
}

function idAt(second: number): string {
  return second.toString(16).padStart(8, '0') + randomBytes(8).toString('hex');
}

/** Over two days, most in clusters, so that quarters of an hour have none, one and many. */
function makeLeads(): LeadFact[] {
  return Array.from({ length: LEADS }, () => ({
    id: idAt(BEGIN + draw(48) * 3_600 + (draw(3) === 0 ? draw(3_600) : draw(200))),
    flowId: pick(FLOWS),
    sourceId: pick(SOURCES),
    outcome: pick(OUTCOMES),
    reason: pick(REASONS),
    isResubmitted: draw(5) === 0,
  })).sort(byId);
}

/** Those of the lead itself, and now and then one of days later. */
function makeEvents(lead: LeadFact): EventFact[] {
  const second = Number.parseInt(lead.id.slice(0, 8), 16);
  const { flowId, sourceId } = lead;
  return Array.from({ length: 1 + draw(4) }, (_, seq) => {
    const isSource = seq === 0;
    const isLate = !isSource && draw(4) === 0;
    const isFeedback = isLate && draw(2) === 0;
    const at = isFeedback ? pick(FEEDBACK_SECONDS) : second + (isLate ? draw(200_000) : draw(3));
    return {
      ...{ id: idAt(at), leadId: lead.id, seq, flowId, sourceId },
      type: isSource ? 'source' : isFeedback ? 'feedback-sent' : isLate ? 'retry' : pick(['recipient', 'filter']),
      outcome: isSource ? lead.outcome : pick(['success', 'failure', 'skip']),
      reason: isSource ? lead.reason : pick(REASONS),
      stepId: isSource ? null : pick(STEPS),
      recipientId: isSource ? null : pick([...RECIPIENTS, null]),
    };
  });
}

function byId(one: { id: string }, other: { id: string }): number {
  return one.id < other.id ? -1 : 1;
}

async function writeLeads(): Promise<void> {
  await pool.query(
    `insert into leads (account_id, id, flow_id, source_id, revision, node_id, outcome, reason, price, submitted_at)
     select $1, l.id, l."flowId", l."sourceId", 1, 'n', l.outcome, l.reason, 0, '2023-01-01'
       from json_to_recordset($2) as l(id text, "flowId" text, "sourceId" text, outcome text, reason text)`,
    [ACCOUNT, JSON.stringify(leads)],
  );
  await pool.query(
    `insert into resubmissions (account_id, lead_id, attempt, as_lead_id, created_at)
     select $1, id, 1, id, '2023-01-01' from unnest($2::text[]) as id`,
    [ACCOUNT, leads.filter(({ isResubmitted }) => isResubmitted).map(({ id }) => id)],
  );
}

async function writeEvents(): Promise<void> {
  await pool.query(
    `insert into events (account_id, lead_id, seq, id, type, outcome, reason, flow_id, source_id, step_id, recipient_id, facts)
     select $1, e."leadId", e.seq, e.id, e.type, e.outcome, e.reason, e."flowId", e."sourceId", e."stepId", e."recipientId", '{}'
       from json_to_recordset($2) as e(id text, "leadId" text, seq smallint, type text, outcome text, reason text,
            "flowId" text, "sourceId" text, "stepId" text, "recipientId" text)`,
    [ACCOUNT, JSON.stringify(events)],
  );
}

interface Kind {
  subject: string;
  type: string;
  outcome: string;
  flowId: string;
  sourceId: string;
  stepId: string;
  recipientId: string;
  reasonClass: string;
}

/** Counts all with an id below `until`, as the fold does, and some of what is newer, which may be counted too. */
async function countUntil(until: string): Promise<void> {
  await pool.query('delete from event_kinds');
  await pool.query('delete from event_tallies');
  await pool.query('delete from digests');
  const isCounted = ({ id }: { id: string }) => id < until || draw(2) === 0;
  const counted = [
    ...events.filter(isCounted).map((event) => ({ id: event.id, kind: kindOf(event) })),
    ...leads.filter(isCounted).map((lead) => ({ id: lead.id, kind: kindOfLead(lead) })),
  ];
  const rows = new Map<string, { kind: string; bucket: number; events: number; first: string; last: string }>();
  const kinds = new Map<string, Kind & { kind: string }>();
  for (const { id, kind } of counted) {
    const digest = createHash('sha256').update(JSON.stringify(kind)).digest().readBigInt64BE().toString();
    kinds.set(digest, { ...kind, kind: digest });
    const bucket = Math.floor(Number.parseInt(id.slice(0, 8), 16) / 900);
    const row = rows.get(`${digest} ${bucket}`) ?? { kind: digest, bucket, events: 0, first: id, last: id };
    const [first = id] = [row.first, id].toSorted();
    const last = [row.last, id].toSorted().at(-1) ?? id;
    rows.set(`${digest} ${bucket}`, { ...row, events: row.events + 1, first, last });
  }
  await pool.query(
    `insert into event_kinds (account_id, kind, subject, type, outcome, flow_id, source_id, step_id, recipient_id, reason_class)
     select $1, k.kind, k.subject, k.type, k.outcome, k."flowId", k."sourceId", k."stepId", k."recipientId", k."reasonClass"
       from json_to_recordset($2) as k(kind bigint, subject text, type text, outcome text, "flowId" text, "sourceId" text,
            "stepId" text, "recipientId" text, "reasonClass" text)`,
    [ACCOUNT, JSON.stringify([...kinds.values()])],
  );
  await pool.query(
    `insert into event_tallies (kind, bucket, events, first_id, last_id)
     select k.id, t.bucket, t.events, decode(t.first, 'hex'), nullif(decode(t.last, 'hex'), decode(t.first, 'hex'))
       from json_to_recordset($2) as t(kind bigint, bucket int, events int, first text, last text)
       join event_kinds k on k.account_id = $1 and k.kind = t.kind`,
    [ACCOUNT, JSON.stringify([...rows.values()])],
  );
  if (until < NO_BEFORE)
    await pool.query('insert into digests (account_id, since, id) values ($1, $2, $3)', [ACCOUNT, until, `${until}x`]);
}

function kindOf({ type, outcome, flowId, sourceId, stepId, recipientId, reason }: EventFact): Kind {
  const ids = { flowId, sourceId, stepId: stepId ?? '', recipientId: recipientId ?? '' };
  return { subject: 'event', type, outcome, ...ids, reasonClass: classifyReason(reason) };
}

function kindOfLead({ outcome, flowId, sourceId, reason }: LeadFact): Kind {
  const ids = { flowId, sourceId, stepId: '', recipientId: '' };
  return { subject: 'lead', type: '', outcome, ...ids, reasonClass: classifyReason(reason) };
}

const some = <T>(from: readonly T[]) => fc.option(fc.subarray([...from]), { nil: undefined });
const reasons = REASONS.filter((reason) => reason !== null);
const narrowing = {
  outcomes: some([...OUTCOMES, 'skip']),
  flowIds: some(FLOWS),
  sourceIds: some(SOURCES),
  reason: fc.option(fc.constantFrom(...reasons, 'none such'), { nil: undefined, freq: 3 }),
  reasonClasses: fc.option(
    fc.subarray([...reasons, 'none such']).map((each) => each.map((reason) => classifyReason(reason).toLowerCase())),
    { nil: undefined, freq: 3 },
  ),
};
const second = fc.option(
  fc.integer({ min: BEGIN - 1_000, max: BEGIN + 380_000 }).map((at) => at.toString(16).padStart(8, '0')),
  { nil: undefined },
);
const page = {
  sort: fc.constantFrom<Sort>('asc', 'desc'),
  limit: fc.constantFrom(1, 3, 20, 1_000),
  until: fc.option(
    fc.integer({ min: BEGIN, max: BEGIN + 200_000 }).map((at) => at.toString(16)),
    { nil: NO_BEFORE },
  ),
  after: second,
  before: second,
};
const eventQuestion = fc.record({
  ...page,
  filter: fc.record({
    ...narrowing,
    types: some(['source', 'recipient', 'filter', 'retry', 'feedback-sent']),
    recipientIds: some(RECIPIENTS),
    stepIds: some(STEPS.map((id) => id.toLowerCase())),
    leadIndexes: fc.option(fc.array(fc.nat(LEADS - 1), { maxLength: 5 }), { nil: undefined, freq: 3 }),
  }),
});
const leadQuestion = fc.record({
  ...page,
  filter: fc.record({ ...narrowing, isResubmitted: fc.option(fc.boolean(), { nil: undefined }) }),
});

const CTX = { now: 0, timeZone: 'UTC', random: () => 0 };
const COLORS = ['red', 'Green', 'blue,red', '5'];

/** The event as rules see it; its lead has a list of up to two colors, as its source, flow and place say. */
function askedEvent({ id, type, outcome, reason, flowId, sourceId, stepId, recipientId, seq }: EventFact): LeadEvent {
  const colors = COLORS.filter(
    (_, index) => ((flowId.charCodeAt(1) + sourceId.charCodeAt(1) + seq) >> index) % 2 === 1,
  );
  const of = (written: string | null) => (written === null ? undefined : { id: written });
  const vars = { flow: { id: flowId }, source: { id: sourceId }, recipient: of(recipientId), lead: { colors } };
  return { id, type, outcome, reason, step_id: stepId, vars } as unknown as LeadEvent;
}

function newEventOf(event: EventFact): NewEvent {
  const { flowId, sourceId } = event;
  return { record: event as unknown as NewEvent['record'], flowId, sourceId };
}

const sides: readonly [lhv: string, values: readonly string[]][] = [
  ['type', ['source', ' Recipient', 'filter', 'none']],
  ['outcome', [...OUTCOMES, 'SKIP', 'success,failure']],
  ['reason', reasons],
  ['step_id', ['step01', 'step02', 'Step01,']],
  ['vars.flow.id', [...FLOWS, 'F1']],
  ['vars.source.id', SOURCES],
  ['vars.recipient.id', RECIPIENTS],
  ['vars.lead.colors', [...COLORS, 'green', 'red,blue', 'gre']],
];
const rule = fc.constantFrom(...sides).chain(([lhv, values]) => {
  const one = fc.constantFrom(...values);
  const many = fc.oneof(fc.subarray([...values], { minLength: 1 }), one);
  return fc.oneof(
    fc.record({
      lhv: fc.constant(lhv),
      op: fc.constantFrom('is equal to', 'is not equal to'),
      rhv: fc.oneof(one, many),
    }),
    fc.record({ lhv: fc.constant(lhv), op: fc.constantFrom('is included in', 'is not included in'), rhv: many }),
  );
});
const ruleOrSet = fc.oneof(
  { weight: 3, arbitrary: rule },
  fc.record({ op: fc.constantFrom('and', 'or'), rules: fc.array(rule, { minLength: 1, maxLength: 3 }) }),
  fc
    .tuple(rule, fc.constantFrom('and', 'or'), fc.array(rule, { minLength: 1, maxLength: 2 }))
    .map(([own, op, rules]) => ({ ...own, rule_set: { op, rules } })),
);

interface Fact extends Pick<LeadFact, 'id' | 'outcome' | 'flowId' | 'sourceId' | 'reason'> {}

function passesCommon(fact: Fact, filter: EventFilter): boolean {
  const { outcomes, flowIds, sourceIds, reason, reasonClasses } = filter;
  return (
    isOneOf(fact.outcome, outcomes) &&
    isOneOf(fact.flowId, flowIds) &&
    isOneOf(fact.sourceId, sourceIds) &&
    (reason === undefined || fact.reason === reason) &&
    isOneOf(classifyReason(fact.reason).toLowerCase(), reasonClasses)
  );
}

function isOneOf(value: string | null, allowed: readonly string[] | undefined): boolean {
  return allowed === undefined || (value !== null && allowed.includes(value));
}

interface Page {
  sort: Sort;
  limit: number;
  after: string | undefined;
  before: string | undefined;
}

/** All pages of a question, each behind the last entry of the one before. */
async function readAll<Filter>(
  question: Page & { filter: Filter },
  read: (request: PageRequest<Filter>) => Promise<{ found: { id: string }[]; stoppedAt: string | null }>,
): Promise<string[]> {
  const { sort, filter } = question;
  // A page at a time is enough to show gaps; so many are not needed for that.
  const limit = question.limit;
  let range = { after: question.after ?? NO_AFTER, before: question.before ?? NO_BEFORE };
  const ids: string[] = [];
  for (let pages = 0; pages < 12; pages += 1) {
    const { found, stoppedAt } = await read({ accountId: ACCOUNT, range, filter, sort, limit });
    ids.push(...found.map(({ id }) => id));
    const last = found.length === limit ? found.at(-1)?.id : (stoppedAt ?? undefined);
    if (last === undefined) return ids;
    range = sort === 'asc' ? { ...range, after: last } : { ...range, before: last };
  }
  return ids;
}

function expected(facts: readonly Fact[], { sort, after, before, limit }: Page): string[] {
  const within = facts.map(({ id }) => id).filter((id) => id > (after ?? NO_AFTER) && id < (before ?? NO_BEFORE));
  return (sort === 'asc' ? within : within.toReversed()).slice(0, limit * 12);
}

describe('pages that are found by what is counted', () => {
  it('have the events of a full scan, however they are asked for', async () => {
    const store = createEventStore(pool);
    await fc.assert(
      fc.asyncProperty(eventQuestion, async ({ until, filter, ...rest }) => {
        await countUntil(until);
        const { leadIndexes, ...plain } = filter;
        const leadIds = leadIndexes?.map((index) => leads[index]?.id ?? '');
        const asked = { ...rest, filter: { ...plain, leadIds } };
        const wanted = events.filter(
          (event) =>
            passesCommon(event, plain) &&
            isOneOf(event.type, plain.types) &&
            isOneOf(event.recipientId, plain.recipientIds) &&
            isOneOf(event.stepId?.toLowerCase() ?? null, plain.stepIds) &&
            isOneOf(event.leadId, leadIds),
        );
        expect(await readAll(asked, store.pageOfEvents)).toEqual(expected(wanted, asked));
      }),
      { numRuns: 40 },
    );
  });

  it('have the events that rules pass one by one, whether the store finds them or they are asked', async () => {
    const store = createEventStore(pool);
    await fc.assert(
      fc.asyncProperty(fc.record(page), fc.array(ruleOrSet, { maxLength: 3 }), async ({ until, ...rest }, rules) => {
        await countUntil(until);
        const split = compileEventRules(rules);
        const whole = compileEventFilter(rules);
        if (!split.ok || !whole.ok) throw new Error(JSON.stringify(rules));
        const asked = { ...rest, filter: split.value.filter };
        const byIdOf = new Map(events.map((event) => [event.id, event]));
        const found = (await readAll(asked, store.pageOfEvents)).flatMap((id) => byIdOf.get(id) ?? []);
        const { test } = split.value;
        const passing = found.filter((event) => test === undefined || test(askedEvent(event), CTX)).map(({ id }) => id);
        const matching = events.filter((event) => matchesFilter(newEventOf(event), asked.filter));
        const expectedIds = new Set(expected(matching, asked));
        const wanted = events.filter((event) => whole.value(askedEvent(event), CTX)).map(({ id }) => id);
        // Each event that passes is one that the store finds.
        expect(wanted.filter((id) => !matching.some((event) => event.id === id))).toEqual([]);
        expect(passing.toSorted()).toEqual(wanted.filter((id) => expectedIds.has(id)));
      }),
      { numRuns: 60 },
    );
  });

  it('have each event once, from any of them on in both directions, though many are of the same second', async () => {
    const store = createEventStore(pool);
    const feedback = events.filter(({ type }) => type === 'feedback-sent').map(({ id }) => id);
    expect(feedback.length).toBeGreaterThan(50);
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          until: fc.constantFrom(
            NO_BEFORE,
            (QUARTER - 1).toString(16),
            QUARTER.toString(16),
            (QUARTER + 1).toString(16),
          ),
        }),
        fc.nat(feedback.length - 1),
        fc.constantFrom(5, 20, 1_000),
        async ({ until }, place, limit) => {
          await countUntil(until);
          const pivot = feedback[place] ?? '';
          const asked = { filter: { types: ['feedback-sent'] }, limit };
          const older = await readAll({ ...asked, sort: 'desc', after: undefined, before: pivot }, store.pageOfEvents);
          const newer = await readAll({ ...asked, sort: 'asc', after: pivot, before: undefined }, store.pageOfEvents);
          const reach = limit * 12;
          expect(older).toEqual(feedback.slice(0, place).toReversed().slice(0, reach));
          expect(newer).toEqual(feedback.slice(place + 1).slice(0, reach));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('have the leads of a full scan, however they are asked for', async () => {
    const store = createEventStore(pool);
    await fc.assert(
      fc.asyncProperty(leadQuestion, async ({ until, filter, ...rest }) => {
        await countUntil(until);
        const asked: Page & { filter: LeadPageFilter } = { ...rest, filter };
        const wanted = leads.filter(
          (lead) => passesCommon(lead, filter) && (filter.isResubmitted ?? lead.isResubmitted) === lead.isResubmitted,
        );
        expect(await readAll(asked, store.pageOfLeads)).toEqual(expected(wanted, asked));
      }),
      { numRuns: 40 },
    );
  });
});

describe('a question that nothing matches', () => {
  it('reads no event and no document', async () => {
    await countUntil(NO_BEFORE);
    const role = `counts_${randomBytes(6).toString('hex')}`;
    await pool.query(`create role ${role} login`);
    await pool.query(`grant usage on schema ${TEST_SCHEMA} to ${role}`);
    for (const table of [
      'event_kinds',
      'event_tallies',
      'digests',
      'digest_progress',
      'installation',
      'runs',
      'leads',
    ]) {
      await pool.query(`grant select on ${table} to ${role}`);
    }
    const counts = new pg.Pool({ ...database.connection, user: role, max: 1 });
    const store = createEventStore(counts);
    const range = { after: NO_AFTER, before: NO_BEFORE };
    const ask = (filter: EventFilter) =>
      store.pageOfEvents({ accountId: ACCOUNT, range, filter, sort: 'desc', limit: 100 });
    try {
      const nothing = { found: [], stoppedAt: null, leads: new Map() };
      expect(await ask({ types: ['feedback-received'] })).toEqual(nothing);
      expect(await ask({ types: ['source'], outcomes: ['skip'] })).toEqual(nothing);
      expect(await ask({ reason: 'none such' })).toEqual(nothing);
      expect(await ask({ flowIds: [] })).toEqual(nothing);
      // What matches is read, and this role must not.
      await expect(ask({ types: ['source'], outcomes: ['success'] })).rejects.toThrow('permission denied');
    } finally {
      await counts.end();
      await pool.query(`drop owned by ${role}`);
      await pool.query(`drop role ${role}`);
    }
  });
});
