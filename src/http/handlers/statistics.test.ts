import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_REPORTS } from '../../reports/default-reports.ts';
import { runReport } from '../../reports/run-report.ts';
import { COLUMN_NAMES } from '../../statistics/columns.ts';
import { createReadingStores } from '../../store/postgres/reading-stores.ts';
import { countNaively } from '../testing/count-naively.ts';
import { insertWorld, makeWorld, type World } from '../testing/statistics-world.ts';
import { createTestApi, type TestApi } from '../testing/test-server.ts';
import { answerDepsOf } from './statistics.ts';

/** A Sunday in April 2025; the events are around the days on which clocks change. */
const NOW = Date.UTC(2025, 3, 20, 12);
const ALL = COLUMN_NAMES.join(',');

let api: TestApi;
let world: World;
beforeAll(async () => {
  api = await createTestApi();
  api.clock.set(NOW);
  world = makeWorld({ seed: 7, leads: 120 });
  await insertWorld(api, world);
});
afterAll(() => api.close());

function urlOf(question: Record<string, string>): string {
  return `/events/stats?${new URLSearchParams(question)}`;
}

const GROUPS = [
  '',
  'vars.flow.id',
  'vars.source.id',
  'vars.recipient.id',
  'outcome',
  'purchase_price',
  'sale_price',
  'vars.flow.id,vars.source.id',
  'vars.source.id,vars.recipient.id',
  'vars.recipient.id,sale_price',
  'vars.source.id,purchase_price',
  'vars.flow.id,outcome',
];
/** Each with days on which its clock changes, and one time that is no whole quarter of an hour. */
const TIMES: [zone: string, start: string, end: string, interval: string][] = [
  ['America/New_York', '2025-03-07', '2025-03-11', 'daily'],
  ['America/New_York', '2025-03-09', '2025-03-09', 'hourly'],
  ['Asia/Kolkata', '2025-03-07', '2025-04-08', 'weekly'],
  ['Australia/Lord_Howe', '2025-04-04', '2025-04-07', 'daily'],
  ['-18000', '2025-03-01', '2025-04-30', 'monthly'],
  ['20700', '2025-03-08', '2025-03-10', 'daily'],
  ['UTC', '2025-03-08T03:07:09', '2025-03-10T21:00:00', 'daily'],
  ['UTC', '2025-03-09T06:00:00', '2025-03-09T08:29:59', 'minutely'],
];

describe('statistics are what a naive count of the events finds', () => {
  describe.each(TIMES)('%s from %s to %s, %s', (timezone, start, end, interval) => {
    it.each(GROUPS)('grouped by "%s"', async (group_by) => {
      const given = { timezone, start, end, ...(group_by === '' ? {} : { group_by }) };
      const groupBy = group_by === '' ? [] : group_by.split(',');
      // Parts in turn, by lead or by event: each is asked of every grouping by some of the time frames.
      const isByLead =
        (TIMES.findIndex(([zone, from]) => zone === timezone && from === start) + GROUPS.indexOf(group_by)) % 2 === 0;
      for (const [byLead, parts] of [
        [true, {}],
        [false, {}],
        [isByLead, { interval }],
      ] as const) {
        const { status, body } = await api.ask({
          url: urlOf({ ...given, ...parts, by_lead: String(byLead), column: ALL }),
        });
        expect([status, body.error]).toEqual([200, undefined]);
        const asked = { timezone, start, end, groupBy, isByLead: byLead };
        expect(body.map(withoutNames)).toEqual(
          countNaively(world, { ...asked, interval: 'interval' in parts ? interval : null }),
        );
      }
    });
  });

  it('by values and rules of leads, which are read from the events', async () => {
    const asked = { timezone: 'America/New_York', start: '2025-03-08', end: '2025-03-10' };
    const columns = 'source-success,recipient-success,recipient-submitted,return-received-success,cost,revenue';
    const rule = JSON.stringify({ lhv: 'vars.lead.state', op: 'is equal to', rhv: 'TX' });
    const rows = (await api.ask({ url: urlOf({ ...asked, column: columns, group_by: 'vars.lead.state' }) })).body;
    const ruled = (await api.ask({ url: urlOf({ ...asked, column: columns, rule }) })).body;
    for (const state of ['CA', 'NY', 'TX']) {
      const isWanted = (lead: { state: string }) => lead.state === state;
      const withoutPings = { ...world, pings: [] };
      const [expected] = countNaively(withoutPings, {
        ...asked,
        groupBy: [],
        isByLead: true,
        interval: null,
        isWanted,
      });
      const picked = Object.fromEntries(columns.split(',').map((name) => [name, expected?.[name]]));
      expect(rows).toContainEqual({ 'vars.lead.state': state, ...picked });
      if (state === 'TX') expect(ruled).toEqual([picked]);
    }
  });

  it('by reasons, without what differs from lead to lead; the same from counts and from events', async () => {
    const asked = { timezone: 'UTC', column: 'source-failure,recipient-failure', group_by: 'reason', by_lead: 'false' };
    const counted = (await api.ask({ url: urlOf({ ...asked, start: '2025-03-08', end: '2025-03-10' }) })).body;
    const read = (await api.ask({ url: urlOf({ ...asked, start: '2025-03-07T23:59:58', end: '2025-03-11T00:00:00' }) }))
      .body;
    expect(read).toEqual(counted);
    const events = world.leads.flatMap((lead) => lead.events);
    const failures = (type: string, reason: string) =>
      events.filter((event) => {
        const isOfType = event.type === type || (type === 'recipient' && event.type === 'retry');
        const isInTime = event.at >= Date.UTC(2025, 2, 8) && event.at < Date.UTC(2025, 2, 11);
        return isOfType && isInTime && event.outcome === 'failure' && event.reason?.startsWith(reason);
      }).length;
    const row = counted.find(({ reason }: { reason: string }) => reason === 'Bad phone …');
    expect(row).toEqual({
      reason: 'Bad phone …',
      'source-failure': 0,
      'recipient-failure': failures('recipient', 'Bad phone'),
    });
    expect(counted).toContainEqual(
      expect.objectContaining({ reason: 'Duplicate', 'source-failure': failures('source', 'Duplicate') }),
    );
  });
});

describe('GET /events/stats', () => {
  it('counts source outcomes of today in the zone of the account unless asked otherwise', async () => {
    const { body, headers } = await api.ask({ url: '/events/stats' });
    expect(body).toEqual([{ 'source-success': 0, 'source-failure': 0, 'source-error': 0 }]);
    expect(headers['x-counted-until']).toBe(new Date(NOW).toISOString());
  });

  it('compares with the time before, and adds totals', async () => {
    const asked = { timezone: 'UTC', start: '2025-03-09', end: '2025-03-09', column: 'source-submitted' };
    const [before] = (await api.ask({ url: urlOf({ ...asked, start: '2025-03-08', end: '2025-03-08' }) })).body;
    const { body } = await api.ask({
      url: urlOf({ ...asked, compare: 'previous_period', totals: 'true', group_by: 'vars.flow.id' }),
    });
    const total = body.at(-1);
    const value = total['source-submitted'];
    const old = before['source-submitted'];
    expect(value).toBeGreaterThan(0);
    expect(total).toEqual({
      total: true,
      'source-submitted': value,
      compared: {
        'source-submitted': { value: old, difference: value - old, ratio: Math.round((value / old) * 10_000) / 10_000 },
      },
    });
    const rows = body.slice(0, -1);
    expect(rows.reduce((sum: number, row: Record<string, number>) => sum + (row['source-submitted'] ?? 0), 0)).toBe(
      value,
    );
  });

  it('names flows that were deleted, and answers CSV without formulas', async () => {
    const { body: flow } = await api.ask({
      method: 'POST',
      url: '/flows',
      body: { name: '=1+1', enabled: true, fields: [], sources: [], steps: [] },
    });
    await api.pool.query(
      `with added as (
         insert into statistics_keys (account_id, level, flow_id, source_id, recipient_id, price)
         values ($1, 'source', $2, 's', '', -1) returning key
       )
       insert into statistics_days (key, day, source_leads_success, cost, revenue) select key, $3, 3, 50000, 10000 from added`,
      [api.account.id, flow.id, Date.UTC(2025, 0, 5) / 86_400_000],
    );
    await api.ask({ method: 'DELETE', url: `/flows/${flow.id}` });
    const url = urlOf({
      timezone: 'UTC',
      start: '2025-01-05',
      end: '2025-01-05',
      interval: 'daily',
      group_by: 'vars.flow.id',
      column: 'source-success,profit',
    });
    const { headers, text } = await api.ask({ url, headers: { accept: 'text/csv' } });
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      vary: expect.stringContaining('Accept'),
    });
    expect(text).toBe(
      'timeframe.start,timeframe.end,vars.flow.id,vars.flow.name,source-success,profit\r\n' +
        `2025-01-05T00:00:00.000Z,2025-01-05T23:59:59.999Z,${flow.id},'=1+1,3,-4\r\n`,
    );
  });

  it.each<[string, Record<string, string>, string, string]>([
    ['an unknown column', { column: 'leads' }, 'column', 'Must be one of source-submitted'],
    ['an unknown grouping', { group_by: 'flow_id' }, 'group_by', 'Did you mean "vars.flow.id"?'],
    [
      'a column of events that type leaves out',
      { type: 'source', column: 'recipient-success' },
      'column',
      'leave type out',
    ],
    ['a type without columns', { type: 'filter' }, 'type', '/events/event-metrics/count'],
    ['an unknown zone', { timezone: 'Mars/Olympus' }, 'timezone', 'America/New_York'],
    ['a time frame that is none', { timeframe: 'lately' }, 'timeframe', 'this_14_days'],
    ['two time frames', { timeframe: 'today', start: '2025-03-01' }, 'timeframe', 'either timeframe'],
    ['an end before the start', { start: '2025-03-02', end: '2025-03-01' }, 'start', 'ends before it starts'],
    ['too many parts', { start: '2025-01-01', end: '2025-12-31', interval: 'hourly' }, 'interval', 'longer interval'],
    [
      'what recipients cost, which nobody can say',
      { column: 'cost,profit', group_by: 'vars.recipient.id' },
      'column',
      'A lead is bought once',
    ],
    ['several intervals', { interval: 'daily', 'interval[]': 'hourly' }, 'interval', 'give one'],
    ['two zones', { timezone: 'UTC', time_zone: 'Asia/Tokyo' }, 'time_zone', 'give one'],
    [
      'pings by values, which they do not keep',
      { column: 'ping-submitted', group_by: 'vars.lead.state' },
      'column',
      'Pings keep no values',
    ],
    [
      'bids by rules about values, because those of pings would be left out',
      { column: 'bids-asked', rule: '{"lhv":"vars.lead.state","op":"is equal to","rhv":"TX"}' },
      'column',
      'Pings keep no values',
    ],
    [
      'a name that no rule has, also where the rule is a filter',
      { rule: '{"lhv":"outcome","op":"is equal to","rhv":"success","not":true}' },
      'rule.0.not',
      'Unknown name',
    ],
    ['a rule that is no JSON', { rule: 'state=TX' }, 'rule', 'as JSON'],
    ['a rule that cannot run', { rule: '{"lhv":"state","op":"is equal to","rhv":"TX"}' }, 'rule.0.lhv', 'No event has'],
  ])('refuses %s and says what to do', async (_, given, path, says) => {
    const { status, body } = await api.ask({ url: urlOf(given) });
    expect([status, body.code]).toEqual([400, 'malformed_query']);
    expect(body.details).toContainEqual({ path, message: expect.stringContaining(says) });
  });
});

describe('reports that every account has', () => {
  it.each(DEFAULT_REPORTS.map((report) => [report.name, report] as const))(
    '%s runs, with totals',
    async (_, report) => {
      const deps = answerDepsOf({
        reading: createReadingStores(api.pool),
        findRevision: () => Promise.reject(new Error('unused')),
        clock: api.clock,
      });
      const time = { start: '2025-03-08', end: '2025-03-10', timeZone: 'UTC' };
      const ran = await runReport(deps, {
        accountId: api.account.id,
        definition: report,
        time,
        now: NOW,
        accountTimeZone: 'UTC',
      });
      const asked = { timezone: 'UTC', start: time.start, end: time.end, isByLead: true, interval: null };
      const rows = countNaively(world, { ...asked, groupBy: [...report.groupBy] });
      const [total] = countNaively(world, { ...asked, groupBy: [] });
      const pick = (row: Record<string, unknown> | undefined, names: readonly string[]) =>
        Object.fromEntries(names.map((name) => [name, row?.[name]]));
      const hasSome = (row: Partial<Record<string, unknown>>) =>
        report.columns.some((name) => row[name] !== 0 && row[name] !== null);
      const wanted = rows.map((row) => pick(row, [...report.groupBy, ...report.columns])).filter(hasSome);
      if (!ran.ok) throw new Error(ran.error[0]?.message);
      expect(ran.value.rows.slice(0, -1).map(withoutNames).filter(hasSome)).toEqual(wanted);
      expect(ran.value.rows.at(-1)).toEqual({ total: true, ...pick(total, report.columns) });
    },
  );
});

describe('GET /flows/{id}/funnel', () => {
  it('counts who reached and left each phase and step', async () => {
    const [flowId = ''] = world.flows;
    const { body } = await api.ask({ url: `/flows/${flowId}/funnel?timezone=UTC&start=2025-03-08&end=2025-03-10` });
    const isInTime = ({ at }: { at: number }) => at >= Date.UTC(2025, 2, 8) && at < Date.UTC(2025, 2, 11);
    const events = world.leads
      .filter((lead) => lead.flowId === flowId)
      .flatMap((lead) => lead.events)
      .filter(isInTime);
    const count = (type: string, outcome?: string) =>
      events.filter((event) => event.type === type && (outcome === undefined || event.outcome === outcome)).length;
    expect(body).toMatchObject({
      submitted: count('source'),
      outcomes: {
        success: count('source', 'success'),
        failure: count('source', 'failure'),
        error: count('source', 'error'),
      },
      steps: [
        {
          step_id: 'step01',
          type: 'recipient',
          reached: count('recipient'),
          left: 0,
          outcomes: { skip: count('recipient', 'skip') },
        },
      ],
    });
    expect(body.phases[0]).toEqual({ phase: 'receive', reached: count('source'), left: 0 });
  });
  it('refuses quarters that the time frame cuts, and unknown flows', async () => {
    const cut = await api.ask({ url: `/flows/${world.flows[0]}/funnel?timezone=UTC&start=2025-03-08T00:00:01` });
    expect(cut).toMatchObject({ status: 400, body: { details: [{ path: 'start' }] } });
    expect((await api.ask({ url: '/flows/5fd0c0de00000000000000ee/funnel' })).status).toBe(404);
  });
});

describe('event metrics', () => {
  const metric = async (name: string, question: Record<string, unknown>) =>
    (
      await api.ask({
        method: 'POST',
        url: `/events/event-metrics/${name}`,
        body: { timezone: 'UTC', timeframe: { start: '2025-03-08', end: '2025-03-10' }, ...question },
      })
    ).body;
  const ofType = (rhv: string) => ({ lhv: 'type', op: 'is equal to', rhv });
  const events = () =>
    world.leads
      .flatMap((lead) => lead.events.map((event) => ({ ...event, leadId: lead.id, lead })))
      .filter(({ at }) => at >= Date.UTC(2025, 2, 8) && at < Date.UTC(2025, 2, 11));

  it.each<[what: string, step: unknown, path: string, says: string]>([
    ['no object', [ofType('source')], 'steps.0', 'Must be an object'],
    ['a name that it does not have', { filter: [ofType('source')] }, 'steps.0.filter', 'Did you mean "filters"?'],
    ['filters that are no list', { filters: ofType('source') }, 'steps.0.filters', 'list of rules'],
    ['a property that no event has', { actor_property: 'lead.id' }, 'steps.0.actor_property', 'vars.lead.id'],
    ['inverted as a text', { inverted: 'true' }, 'steps.0.inverted', 'true or false'],
    ['inverted at the beginning', { inverted: true }, 'steps.0.inverted', 'begin with a step'],
    ['a time frame of another form', { timeframe: { begin: '2025-03-08' } }, 'steps.0.timeframe', '"begin"'],
  ])('refuse a step of a funnel with %s', async (_, step, path, says) => {
    const body = await metric('funnel', { steps: [step] });
    expect(body.details).toEqual([{ path, message: expect.stringContaining(says) }]);
  });

  it('refuse a time frame with a name that is none', async () => {
    const body = await metric('count', { timeframe: { start: '2025-03-08', ends: '2025-03-09' } });
    expect(body.details).toEqual([{ path: 'timeframe', message: expect.stringContaining('Did you mean "end"?') }]);
  });

  it('count events, the same from counts and from the events', async () => {
    const filters = [ofType('recipient')];
    const wanted = events().filter(({ type }) => type === 'recipient');
    expect(await metric('count', { filters })).toEqual({ result: wanted.length });
    expect(
      await metric('count', {
        filters,
        timeframe: { start: '2025-03-08', end: '2025-03-11T00:00:00' },
        group_by: ['outcome'],
      }),
    ).toEqual(await metric('count', { filters, group_by: ['outcome'] }));
    const daily = (await metric('count', { filters, interval: 'daily' })).result;
    expect(daily.map(({ timeframe }: { timeframe: { start: string } }) => timeframe.start.slice(0, 10))).toEqual([
      '2025-03-08',
      '2025-03-09',
      '2025-03-10',
    ]);
    expect(daily.reduce((sum: number, { value }: { value: number }) => sum + value, 0)).toBe(wanted.length);
  });

  it('find different values, medians and funnels', async () => {
    const leads = new Set(
      events()
        .filter(({ type }) => type === 'retry')
        .map(({ leadId }) => leadId),
    );
    expect(await metric('count_unique', { filters: [ofType('retry')], target_property: 'vars.lead.id' })).toEqual({
      result: leads.size,
    });
    expect(await metric('select_unique', { target_property: 'vars.lead.state' })).toEqual({
      result: ['CA', 'NY', 'TX'],
    });
    expect(await metric('select_unique', { target_property: 'vars.flow.id' })).toEqual({ result: world.flows });
    expect(await metric('median', { filters: [ofType('source')], target_property: 'total_ms', max_age: 60 })).toEqual({
      result: 120,
    });
    const sources = new Set(
      events()
        .filter(({ type }) => type === 'source')
        .map(({ leadId }) => leadId),
    );
    const steps = [
      { filters: [ofType('source')] },
      { filters: [ofType('retry')] },
      { filters: [ofType('filter')], inverted: true },
    ];
    const filtered = new Set(
      events()
        .filter(({ type }) => type === 'filter')
        .map(({ leadId }) => leadId),
    );
    const both = [...sources].filter((id) => leads.has(id));
    expect(await metric('funnel', { steps })).toMatchObject({
      result: [sources.size, both.length, both.filter((id) => !filtered.has(id)).length],
    });
  });

  it.each<[string, string, Record<string, unknown>, string]>([
    ['median', 'no target', {}, 'target_property'],
    ['count', 'an unknown property', { group_by: ['flow_id'] }, 'group_by'],
    ['count', 'an unknown time frame', { timeframe: 'lately' }, 'timeframe'],
    ['funnel', 'no steps', {}, 'steps'],
    [
      'funnel',
      'a step whose filter cannot run',
      { steps: [{ filters: [{ lhv: 'state', op: 'is blank' }] }] },
      'steps.0.filters',
    ],
  ])('%s refuses %s', async (name, _, question, path) => {
    expect(await metric(name, question)).toMatchObject({ code: 'invalid_document', details: [{ path }] });
  });
});

function withoutNames(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.endsWith('.name')));
}
