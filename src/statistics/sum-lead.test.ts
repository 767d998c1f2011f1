import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstIdAt } from '../lib/ids.ts';
import { parseEventFacts, type StoredFacts } from '../stored/event-facts.ts';
import { COUNTED_OF, COUNTED_OUTCOMES, type CountedOf, MEASURES } from './measures.ts';
import { parseLater, parseTallies, writeLater, writeTallies } from './stored-digest.ts';
import { type CountedEvent, type CountedLead, sumEntry, sumLead, sumPing } from './sum-lead.ts';
import { addTallies, createTallies, listAmounts, type Tallies } from './tallies.ts';

const FLOW = 'f';
const SOURCE = 's';
const BUYER = 'b1';
const HOUR_MS = 3_600_000;
/** Bucket 0. */
const idAt = (ms: number, place = 0) => firstIdAt(ms).slice(0, 8) + place.toString(16).padStart(16, '0');

/** Seconds, type, outcome, and what of the facts matters. */
function event(seq: number, ms: number, given: Partial<CountedEvent> & { facts?: StoredFacts }): CountedEvent {
  const facts = { ...given.facts };
  return {
    ...{ id: idAt(ms, seq), seq, type: 'source', outcome: 'success', reason: null, stepId: null, recipientId: null },
    ...given,
    facts,
  };
}

function lead(events: readonly CountedEvent[], given: Partial<CountedLead> = {}): CountedLead {
  const place = { leadId: idAt(0, 255), flowId: FLOW, sourceId: SOURCE };
  return { ...place, outcome: 'success', reason: null, events, fields: [], ...given };
}

const source = (seq: number, ms: number, facts: object = {}, outcome = 'success') =>
  event(seq, ms, { outcome, facts: { cost: 2, purchase_price: 2, total_ms: 100, ...facts } });
const delivery = (seq: number, ms: number, given: Partial<CountedEvent> & { revenue?: number }) => {
  const { revenue = 0, ...rest } = given;
  const facts = { revenue, sale_price: revenue, wait_ms: 50, caps_reached: false };
  return event(seq, ms, { type: 'recipient', stepId: 'st', recipientId: BUYER, ...rest, facts });
};
const feedback = (seq: number, ms: number, type: 'return' | 'conversion', outcome: string) =>
  event(seq, ms, { type: 'feedback-received', outcome, recipientId: BUYER, facts: { feedback_type: type } });

function eventOf(of: CountedOf, { seq, ms, outcome }: { seq: number; ms: number; outcome: string }): CountedEvent {
  if (of === 'source') return source(seq, ms, {}, outcome);
  if (of === 'recipient') return delivery(seq, ms, { outcome });
  const [said, direction] = of.split('-');
  const facts = { feedback_type: said === 'return' ? ('return' as const) : ('conversion' as const) };
  return event(seq, ms, { type: `feedback-${direction}`, outcome, recipientId: BUYER, facts });
}

function sumOf(...leads: CountedLead[]): Tallies {
  const tallies = createTallies();
  for (const each of leads) sumLead(tallies, each);
  return tallies;
}

/** `level recipient price @bucket`: measures that are not 0. */
function measuresIn(tallies: Tallies): Record<string, Record<string, number>> {
  const rows = [...tallies.places.values()].flatMap(({ measures }) => [...measures.values()]);
  return Object.fromEntries(
    rows.map(({ level, recipientId, price, bucket, amounts }) => [
      `${level} ${recipientId} ${price} @${bucket}`,
      Object.fromEntries([...listAmounts({ amounts })].map(([place, amount]) => [MEASURES[place]?.name, amount])),
    ]),
  );
}

describe('what a lead adds to the measures', () => {
  it('counts the lead once a level, each event, what it cost and what it earned', () => {
    const twice = lead([
      delivery(0, 0, { outcome: 'failure' }),
      delivery(1, 0, { revenue: 5, stepId: 'st2' }),
      delivery(2, 0, { outcome: 'skip', recipientId: 'b2' }),
      source(3, 0),
    ]);
    const atSource = {
      recipient_events_failure: 1,
      recipient_events_success: 1,
      recipient_leads_submitted: 1,
      recipient_leads_failure: 1,
      recipient_leads_success: 1,
      source_events_success: 1,
      source_leads_submitted: 1,
      source_leads_success: 1,
      cost: 20_000,
      revenue: 50_000,
    };
    const found = measuresIn(sumOf(twice));
    expect(found).toEqual({
      'source  -1 @0': atSource,
      'purchase_price  20000 @0': atSource,
      'recipient b1 -1 @0': {
        recipient_events_failure: 1,
        recipient_events_success: 1,
        recipient_leads_submitted: 1,
        recipient_leads_failure: 1,
        recipient_leads_success: 1,
        revenue: 50_000,
      },
      'sale_price b1 0 @0': {
        recipient_events_failure: 1,
        recipient_leads_submitted: 1,
        recipient_leads_failure: 1,
      },
      'sale_price b1 50000 @0': {
        recipient_events_success: 1,
        recipient_leads_submitted: 1,
        recipient_leads_success: 1,
        revenue: 50_000,
      },
    });
  });

  it('counts a lead in the bucket of the first such event, and later events in their own', () => {
    const tried = lead([
      delivery(0, 0, { outcome: 'failure' }),
      source(1, 0, {}, 'failure'),
      delivery(2, HOUR_MS, { type: 'retry', outcome: 'failure' }),
      delivery(3, 2 * HOUR_MS, { type: 'retry', outcome: 'success', revenue: 1 }),
    ]);
    const found = measuresIn(sumOf(tried));
    expect(found['recipient b1 -1 @0']).toEqual({
      recipient_events_failure: 1,
      recipient_leads_failure: 1,
      recipient_leads_submitted: 1,
    });
    expect(found['recipient b1 -1 @4']).toEqual({ recipient_events_failure: 1 });
    expect(found['recipient b1 -1 @8']).toEqual({
      recipient_events_success: 1,
      recipient_leads_success: 1,
      revenue: 10_000,
    });
  });

  it.each(COUNTED_OF)('counts a lead once for %s and once for each outcome, whatever else it has', (counted) => {
    const others = COUNTED_OF.filter((of) => of !== counted && of !== 'source');
    const events = [counted, ...others].flatMap((of) =>
      [...COUNTED_OUTCOMES, ...COUNTED_OUTCOMES].map((outcome) => ({ of, outcome })),
    );
    // From hour to hour and back, so that rows take turns.
    const all = lead(events.map(({ of, outcome }, seq) => eventOf(of, { seq, ms: (seq % 2) * HOUR_MS, outcome })));
    const sums = new Map<string, number>();
    for (const [row, measured] of Object.entries(measuresIn(sumOf(all)))) {
      if (!row.startsWith('source ')) continue;
      for (const [name, amount] of Object.entries(measured)) sums.set(name, (sums.get(name) ?? 0) + amount);
    }
    const prefix = counted.replace('-', '_');
    expect(sums.get(`${prefix}_leads_submitted`)).toBe(1);
    for (const outcome of COUNTED_OUTCOMES) {
      expect(sums.get(`${prefix}_leads_${outcome}`)).toBe(1);
      expect(sums.get(`${prefix}_events_${outcome}`)).toBe(2);
    }
  });

  it('counts feedback by what it says, at the price of the sale before it', () => {
    const returned = lead([
      delivery(0, 0, { revenue: 3 }),
      source(1, 0),
      feedback(2, HOUR_MS, 'return', 'failure'),
      feedback(3, HOUR_MS, 'return', 'success'),
      feedback(4, HOUR_MS, 'conversion', 'success'),
    ]);
    expect(measuresIn(sumOf(returned))['sale_price b1 30000 @4']).toEqual({
      return_received_events_failure: 1,
      return_received_leads_failure: 1,
      return_received_leads_submitted: 1,
      return_received_events_success: 1,
      return_received_leads_success: 1,
      conversion_received_events_success: 1,
      conversion_received_leads_success: 1,
      conversion_received_leads_submitted: 1,
    });
  });

  it('takes corrections back at their own time and at the prices of the lead', () => {
    const tallies = createTallies();
    const sold = lead([delivery(0, 0, { revenue: 3 }), source(1, 0)]);
    sumEntry(tallies, sold, { id: idAt(HOUR_MS), kind: 'cost', amount: -20_000, recipientId: BUYER });
    sumEntry(tallies, sold, { id: idAt(HOUR_MS), kind: 'revenue', amount: -30_000, recipientId: BUYER });
    expect(measuresIn(tallies)).toEqual({
      'source  -1 @4': { cost: -20_000, revenue: -30_000 },
      'purchase_price  20000 @4': { cost: -20_000, revenue: -30_000 },
      'recipient b1 -1 @4': { revenue: -30_000 },
      'sale_price b1 30000 @4': { revenue: -30_000 },
    });
  });

  it('counts bids with the lead or the ping they were asked for, and the ones that sold it', () => {
    const bid = (from: 'asked' | 'ping', price: number | null) => ({ from, price, ms: 1 });
    const distributions = (from: 'asked' | 'ping') => [
      {
        ...{ step_id: 'd', key: 'd', method: 'auction', max_sales: 1, sales: 1 },
        recipients: [
          { step_id: 'a', verdict: 'accepted' as const, bid: bid(from, 2) },
          { step_id: 'b', verdict: 'outbid' as const, bid: bid(from, 1) },
          { step_id: 'c', verdict: 'no bid' as const, bid: bid(from, null) },
          { step_id: 'd', verdict: 'disabled' as const },
        ],
      },
    ];
    const asked = measuresIn(sumOf(lead([source(0, 0, { cost: 0, distributions: distributions('asked') })])));
    expect(asked['source  -1 @0']).toMatchObject({ bids_asked: 3, bids_made: 2, bids_won: 1 });
    const post = measuresIn(
      sumOf(lead([source(0, 0, { cost: 0, ping_id: idAt(0), distributions: distributions('ping') })])),
    );
    expect(post['source  -1 @0']).toMatchObject({ bids_won: 1, ping_won: 1 });
    expect(post['source  -1 @0']).not.toHaveProperty('bids_asked');
    const pings = createTallies();
    const ping = { id: idAt(0), flowId: FLOW, sourceId: SOURCE, reason: null, price: 20_000 };
    sumPing(pings, { ...ping, outcome: 'success', distributions: distributions('asked') });
    sumPing(pings, { ...ping, outcome: 'failure', id: idAt(1) });
    expect(measuresIn(pings)['purchase_price  20000 @0']).toEqual({
      ...{ ping_submitted: 2, ping_success: 1 },
      ...{ bids_asked: 3, bids_made: 2 },
    });
  });
});

describe('what a lead adds to kinds, latencies and fields', () => {
  it('names what happened without what differs from lead to lead', () => {
    const filtered = lead(
      [event(0, 0, { type: 'filter', outcome: 'stop', reason: 'age 17', stepId: 'x' }), source(1, 0)],
      {
        reason: 'age 17',
      },
    );
    const [place] = sumOf(filtered).places.values();
    expect([...(place?.kinds.values() ?? [])]).toMatchObject([
      { kind: { subject: 'lead', type: '', reasonClass: 'age …' }, events: 1, leads: 1, firstId: filtered.leadId },
      { kind: { subject: 'event', type: 'filter', outcome: 'stop', stepId: 'x', reasonClass: 'age …' } },
      { kind: { subject: 'event', type: 'source', stepId: '', recipientId: '', reasonClass: '' } },
    ]);
  });

  it('counts a lead once a kind, and keeps the smallest and the greatest id', () => {
    const [place] = sumOf(
      lead([delivery(0, 0, { type: 'retry' }), delivery(1, 0, { type: 'retry' }), source(2, 0)]),
      lead([delivery(0, 1_000, { type: 'retry' })]),
    ).places.values();
    const retries = [...(place?.kinds.values() ?? [])].find(({ kind }) => kind.type === 'retry');
    expect(retries).toMatchObject({ events: 3, leads: 2, firstId: idAt(0, 0), lastId: idAt(1_000, 0) });
  });

  it('counts how long leads and deliveries took, and the fields with the source event', () => {
    const [place] = sumOf(
      lead([delivery(0, HOUR_MS, {}), delivery(1, HOUR_MS, { outcome: 'skip' }), source(2, HOUR_MS)], {
        fields: ['age'],
      }),
    ).places.values();
    expect([...(place?.latencies.values() ?? [])]).toEqual([
      { level: 'recipient', recipientId: BUYER, bucket: 1, slot: 42, count: 1 },
      { level: 'source', recipientId: '', bucket: 1, slot: 49, count: 1 },
    ]);
    expect([...(place?.fields.values() ?? [])]).toEqual([{ fieldId: 'age', bucket: 4, leads: 1 }]);
  });
});

/** Any life of a lead: a settlement, then attempts and feedback. */
const anyLead = fc
  .record({
    settled: fc.array(anyDelivery('recipient'), { maxLength: 4 }),
    outcome: fc.constantFrom('success', 'failure', 'error'),
    cost: fc.integer({ min: 0, max: 3 }),
    later: fc.array(fc.oneof(anyDelivery('retry'), anyFeedback()), { maxLength: 8 }),
  })
  .map(({ settled, outcome, cost, later }) => {
    const deliveries = settled.map((given, seq) => delivery(seq, given.ms, given));
    const end = source(settled.length, 500_000, { cost, purchase_price: cost }, outcome);
    const after = later.map((given, index) => {
      const seq = settled.length + 1 + index;
      return given.type === 'retry' ? delivery(seq, given.ms, given) : event(seq, given.ms, given);
    });
    return lead([...deliveries, end, ...after], { outcome, fields: ['age', 'state'] });
  });

function anyDelivery(type: 'recipient' | 'retry') {
  return fc.record({
    type: fc.constant(type),
    ms: fc.integer({ min: 0, max: 3 * HOUR_MS }),
    outcome: fc.constantFrom('success', 'failure', 'error', 'skip'),
    recipientId: fc.constantFrom('b1', 'b2'),
    stepId: fc.constantFrom('x', 'y'),
    reason: fc.constantFrom(null, 'no 1', 'no 2', 'never'),
    revenue: fc.integer({ min: 0, max: 2 }),
  });
}

function anyFeedback() {
  return fc.record({
    type: fc.constantFrom('feedback-received', 'feedback-sent'),
    ms: fc.integer({ min: 0, max: 3 * HOUR_MS }),
    outcome: fc.constantFrom('success', 'failure', 'error'),
    recipientId: fc.constantFrom('b1', 'b2'),
    facts: fc.record({ feedback_type: fc.constantFrom('return' as const, 'conversion' as const) }),
  });
}

/** Rows in any order. */
function contentOf(tallies: Tallies): unknown {
  const sorted = (rows: Iterable<unknown>) => Array.from(rows, (row) => JSON.stringify(row)).toSorted();
  return [...tallies.places.values()].map(({ flowId, sourceId, kinds, measures, latencies, fields }) => ({
    ...{ flowId, sourceId, kinds: sorted(kinds.values()), latencies: sorted(latencies.values()) },
    ...{ fields: sorted(fields.values()) },
    measures: sorted(
      Array.from(measures.values(), (row) => ({
        ...row,
        amounts: [...listAmounts(row)].toSorted(([a], [b]) => a - b),
      })),
    ),
  }));
}

describe('windows of a lead', () => {
  it('add up to the whole, however it is split', () => {
    fc.assert(
      fc.property(anyLead, fc.array(fc.nat({ max: 12 })), (whole, cuts) => {
        const ended = whole.events.findIndex(({ type }) => type === 'source');
        const starts = [...new Set([0, ...cuts.filter((cut) => cut > ended && cut < whole.events.length)])].toSorted(
          (a, b) => a - b,
        );
        const summed = createTallies();
        const parts = starts.map((from, index) => ({ from, to: (starts[index + 1] ?? whole.events.length) - 1 }));
        // In any order, each from what is there up to its end: the fold may be late for some.
        for (const part of parts.toReversed()) {
          const alone = createTallies();
          sumLead(alone, { ...whole, events: whole.events.filter(({ seq }) => seq <= part.to) }, part);
          addTallies(summed, parseTallies(writeTallies(alone)));
        }
        expect(contentOf(summed)).toEqual(contentOf(sumOf(whole)));
      }),
    );
  });

  it('count each lead as often as it is a lead', () => {
    fc.assert(
      fc.property(fc.array(anyLead, { minLength: 1, maxLength: 5 }), (leads) => {
        const rows = [...sumOf(...leads).places.values()].flatMap(({ measures }) => [...measures.values()]);
        const submitted = MEASURES.findIndex(({ name }) => name === 'source_leads_submitted');
        const total = rows
          .filter(({ level }) => level === 'source')
          .reduce((sum, row) => sum + (listAmounts(row).get(submitted) ?? 0), 0);
        expect(total).toBe(leads.length);
        for (const row of rows) for (const amount of listAmounts(row).values()) expect(amount).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the JSON of a digest', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(anyLead, { maxLength: 4 }), (leads) => {
        const summed = sumOf(...leads);
        expect(contentOf(parseTallies(writeTallies(summed)))).toEqual(contentOf(summed));
      }),
    );
    const later = { leads: [{ leadId: idAt(0), from: 3, to: 2, entryIds: [idAt(1), idAt(2)] }], pingIds: [idAt(3)] };
    expect(parseLater(writeLater(later))).toEqual(later);
  });

  it('of a newer version is not read', () => {
    expect(() => parseTallies('{"version":2,"places":[]}')).toThrow();
    expect(() => parseLater('{"version":2,"leads":[],"pings":[]}')).toThrow();
  });

  it('takes facts as they are stored', () => {
    const stored = parseEventFacts<'source'>({ version: 1, cost: 1.5, purchase_price: 1.5, total_ms: 3 });
    expect(measuresIn(sumOf(lead([event(0, 0, { facts: stored })])))['purchase_price  15000 @0']).toMatchObject({
      cost: 15_000,
    });
  });
});
