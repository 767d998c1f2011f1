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
