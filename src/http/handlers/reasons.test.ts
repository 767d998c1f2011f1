import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classifyReason } from '../../statistics/classify-reason.ts';
import { insertWorld, makeWorld } from '../testing/statistics-world.ts';
import { createTestApi, type TestApi } from '../testing/test-server.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
  api.clock.set(Date.UTC(2025, 3, 20, 12));
  await insertWorld(api, makeWorld({ seed: 11, leads: 90 }));
});
afterAll(() => api.close());

interface Row {
  id: string;
  lead_id: string;
  type: string;
  outcome: string;
  reason: string | null;
  flow_id: string;
  source_id: string;
  step_id: string | null;
  recipient_id: string | null;
}

const TIME = { start: '2025-03-01T00:00:00Z', end: '2025-04-15T00:00:00Z' };
const SOURCE = 'a1'.padEnd(24, '0');

/** What a scan of all entries finds, by class: entries, and leads once for each kind of entry. */
function countByScan(rows: readonly Row[]) {
  const groups = new Map<string, { entries: string[]; leads: Set<string> }>();
  for (const row of rows) {
    const reasonClass = classifyReason(row.reason);
    if (reasonClass === '') continue;
    const group = groups.get(reasonClass) ?? { entries: [], leads: new Set() };
    groups.set(reasonClass, group);
    group.entries.push(row.id);
    const { type, outcome, flow_id, source_id, step_id, recipient_id, lead_id } = row;
    group.leads.add(JSON.stringify([type, outcome, flow_id, source_id, step_id, recipient_id, lead_id]));
  }
  return [...groups]
    .map(([reason_class, { entries, leads }]) => ({ reason_class, events: entries.length, leads: leads.size }))
    .sort((one, other) => (one.reason_class < other.reason_class ? -1 : 1));
}

const shownOf = (groups: { reason_class: string; events?: number; leads: number }[]) =>
  groups
    .map(({ reason_class, events, leads }) => ({ reason_class, events, leads }))
    .sort((one, other) => (one.reason_class < other.reason_class ? -1 : 1));

describe('the counts of reasons are those of a full scan', () => {
  it.each<[string, Record<string, string>, (row: Row) => boolean]>([
    ['all', {}, () => true],
    ['of a type', { type: 'recipient' }, ({ type }) => type === 'recipient'],
    ['of an outcome', { outcome: 'failure' }, ({ outcome }) => outcome === 'failure'],
    ['of a source', { source_id: SOURCE }, ({ source_id }) => source_id === SOURCE],
    [
      'of two types of a source',
      { type: 'source,retry', source_id: SOURCE },
      ({ type, source_id }) => ['source', 'retry'].includes(type) && source_id === SOURCE,
    ],
    ['of nothing', { flow_id: 'f'.repeat(24) }, () => false],
  ])('%s', async (_name, filter, isWanted) => {
    const { rows } = await api.pool.query<Row>('select * from events where account_id = $1', [api.account.id]);
    const { status, body } = await api.ask({ url: `/events/reasons?${new URLSearchParams({ ...TIME, ...filter })}` });
    expect(status).toBe(200);
    expect(shownOf(body.reasons)).toEqual(countByScan(rows.filter(isWanted)));
    for (const { reason_class: reasonClass, sample_ids: ids } of body.reasons)
      for (const id of ids) expect(classifyReason(rows.find((row) => row.id === id)?.reason ?? null)).toBe(reasonClass);
  });
});

describe('the counts of reasons of leads are the leads', () => {
  const FLOW = 'f1'.padEnd(24, '0');
  const all = { start: '2025-03-01T00:00:00Z', end: '2025-04-15T00:00:00Z' };
  type Wanted = (row: Row) => boolean;

  it.each<[string, Record<string, string>, Wanted]>([
    ['all', all, () => true],
    ['of an outcome', { ...all, outcome: 'failure' }, ({ outcome }) => outcome === 'failure'],
    ['of two outcomes', { ...all, outcome: 'failure,error' }, ({ outcome }) => outcome !== 'success'],
    ['of a source', { ...all, source_id: SOURCE }, ({ source_id }) => source_id === SOURCE],
    ['of a flow', { ...all, flow_id: FLOW }, ({ flow_id }) => flow_id === FLOW],
    [
      'of an outcome and a source',
      { ...all, outcome: 'failure', source_id: SOURCE },
      ({ outcome, source_id }) => outcome === 'failure' && source_id === SOURCE,
    ],
    ['of nothing', { ...all, flow_id: 'f'.repeat(24) }, () => false],
    [
      'of some days and quarters of an hour',
      { start: '2025-03-08T05:20:00Z', end: '2025-03-09T21:50:00Z' },
      ({ id }) => secondOf(id) >= secondAt('2025-03-08T05:15:00Z') && secondOf(id) < secondAt('2025-03-09T22:00:00Z'),
    ],
  ])('%s: groups, samples, first and last', async (_name, filter, isWanted) => {
    const sql = 'select * from leads where account_id = $1 and reason is not null order by id';
    const { rows } = await api.pool.query<Row>(sql, [api.account.id]);
    const wanted = new Map<string, Row[]>();
    for (const row of rows.filter(isWanted))
      wanted.set(classifyReason(row.reason), [...(wanted.get(classifyReason(row.reason)) ?? []), row]);
    const { status, body } = await api.ask({ url: `/leads/reasons?${new URLSearchParams(filter)}` });
    expect([status, body.total, body.counted_until]).toEqual([200, wanted.size, null]);
    const expected = [...wanted].map(([reason_class, leads]) => ({
      ...{ reason_class, leads: leads.length, sample_ids: expect.any(Array) },
      first_seen: iso(leads[0]?.id ?? ''),
      last_seen: iso(leads.at(-1)?.id ?? ''),
    }));
    const byClass = (one: { reason_class: string }, other: { reason_class: string }) =>
      one.reason_class < other.reason_class ? -1 : 1;
    expect(body.reasons.toSorted(byClass)).toEqual(expected.toSorted(byClass));
    const counts = body.reasons.map(({ leads }: { leads: number }) => leads);
    expect(counts).toEqual(counts.toSorted((one: number, other: number) => other - one));
    // The class finds the leads that it counts; the times of leads are to the second.
    const { start, end } = body;
    for (const { reason_class, sample_ids: ids } of body.reasons) {
      const ofClass = wanted.get(reason_class)?.map(({ id }) => id) ?? [];
      expect(ids.length).toBe(Math.min(new Set(ids).size, ofClass.length));
      for (const id of ids) expect(ofClass).toContain(id);
      const question = new URLSearchParams({ ...filter, start, end, reason_class, limit: '1000', include: 'id' });
      const found = await api.ask({ url: `/leads?${question}` });
      expect(found.body.map(({ id }: { id: string }) => id).toSorted()).toEqual(ofClass);
    }
  });

  it('has the most frequent of a limit, and how many there are in all', async () => {
    const { body: whole } = await api.ask({ url: `/leads/reasons?${new URLSearchParams(all)}` });
    const { body } = await api.ask({ url: `/leads/reasons?${new URLSearchParams({ ...all, limit: '1' })}` });
    expect(whole.total).toBeGreaterThan(1);
    expect([body.total, body.reasons]).toEqual([whole.total, whole.reasons.slice(0, 1)]);
  });

  const secondOf = (id: string) => Number.parseInt(id.slice(0, 8), 16);
  const secondAt = (text: string) => Date.parse(text) / 1_000;
  const iso = (id: string) => new Date(secondOf(id) * 1_000).toISOString();
});
