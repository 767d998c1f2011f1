import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { LeadFacts, NewExport, PickedEvent, StatisticsRow, View } from '../../../client/src/client.ts';
import type { Frame, ListSearch, ListSection } from '../pages/list/list-search.ts';
import { type Interval, listPartStarts } from '../parts/round-times.ts';
import { api } from './client.ts';

export type { LeadFacts, PickedEvent, View };

/** Rows of a page of a list. */
export const PAGE_ROWS = 50;
const GROUPS_MAX = 100;
const HITS_MAX = 50;
/** Leads that were found whose events are listed. */
const FOUND_LEADS_MAX = 50;

/** What identifies a question; `now` is a minute, so that questions of one page are about the same time. */
export interface ListQuestion {
  section: ListSection;
  search: ListSearch;
  frame: Frame;
  now: number;
}

export interface ListPage<Row> {
  rows: Row[];
  hasNewer: boolean;
  hasOlder: boolean;
  /** The server's search ended at its bound there; null: it looked at everything. */
  stoppedAt: string | null;
}

const EVENT_PROPERTIES = [
  ...['id', 'type', 'outcome', 'reason', 'vars', 'step_id', 'start_timestamp', 'end_timestamp', 'ms'],
  ...['purchase_price', 'sale_price', 'feedback_type', 'attempt', 'module_id'],
] as const;

/** Parameters of `GET /leads` or `GET /events`, without the page. */
export function buildFilter({ section, search, frame }: ListQuestion): Record<string, string | readonly string[]> {
  const { flow_id, source_id, recipient_id, step_id, lead_id, type, outcome, reason_class, resubmitted, rules } =
    search;
  const given = {
    ...{ start: new Date(frame.start).toISOString(), end: frame.end === null ? undefined : endOf(frame.end) },
    ...{ flow_id, source_id, outcome, reason_class },
    ...(section === 'events' ? { recipient_id, step_id, lead_id, type, rules } : { resubmitted }),
  };
  return Object.fromEntries(Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** The last instant of a frame: that of the API is included. */
function endOf(end: number): string {
  return new Date(end - 1).toISOString();
}

/** What the stream of events takes: a filter without time and page. */
export function buildStreamPath(question: ListQuestion): string {
  const { start: _start, end: _end, ...filter } = buildFilter(question);
  return `/events/stream?${encode({ ...filter, include: EVENT_PROPERTIES, values: 'hidden' })}`;
}

export function encode(query: Readonly<Record<string, string | readonly string[]>>): string {
  return new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => [value].flat().map((each): [string, string] => [name, each])),
  ).toString();
}

async function readPage<Row>(question: ListQuestion, more: Record<string, unknown>): Promise<ListPage<Row>> {
  const { section, search } = question;
  const { before_id, after_id, sort = 'desc' } = search;
  // A page before is asked for in the other direction, from where this one begins.
  const cursor = before_id === undefined ? (after_id === undefined ? null : 'asc') : 'desc';
  const isTurned = cursor !== null && cursor !== sort;
  const { body, headers } = await api.request('GET', `/${section}`, {
    query: {
      ...buildFilter(question),
      ...more,
      ...(before_id !== undefined && { before_id }),
      ...(before_id === undefined && after_id !== undefined && { after_id }),
      sort: cursor ?? sort,
      limit: PAGE_ROWS + 1,
    },
  });
  const found = body as Row[]; // the answer of the route, which the server checks in its tests
  const rows = found.slice(0, PAGE_ROWS);
  const goesOn = found.length > PAGE_ROWS;
  const forward = cursor ?? sort;
  return {
    rows: isTurned ? rows.toReversed() : rows,
    hasOlder: forward === 'desc' ? goesOn : cursor !== null,
    hasNewer: forward === 'asc' ? goesOn : cursor !== null,
    stoppedAt: headers.get('x-scan-truncated-at'),
  };
}

export const leadsPageQuery = (question: ListQuestion) =>
  queryOptions({
    queryKey: ['list', 'leads', keyOf(question)],
    queryFn: () => readPage<LeadFacts>(question, {}),
    placeholderData: keepPreviousData,
  });

/** With a search, the events of the leads that it finds. */
export const eventsPageQuery = (question: ListQuestion) =>
  queryOptions({
    queryKey: ['list', 'events', keyOf(question), question.search.q ?? ''],
    queryFn: async (): Promise<ListPage<PickedEvent>> => {
      const more = { include: EVENT_PROPERTIES, values: 'hidden' };
      const { q } = question.search;
      if (q === undefined) return readPage<PickedEvent>(question, more);
      const found = await api.searchLeads({ query: q, limit: FOUND_LEADS_MAX });
      if (found.hits.length === 0) return { rows: [], hasNewer: false, hasOlder: false, stoppedAt: null };
      return readPage<PickedEvent>(question, { ...more, lead_id: found.hits.map(({ lead_id }) => lead_id) });
    },
    placeholderData: keepPreviousData,
  });

/** Leads by whatever is known of one. What was typed stays in memory while the page shows it. */
export const searchedLeadsQuery = (query: string) =>
  queryOptions({
    queryKey: ['list', 'searched', query],
    queryFn: () => api.searchLeads({ query, limit: HITS_MAX }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });

/** What of a question decides about its rows. */
function keyOf({ section, search, frame }: ListQuestion): unknown[] {
  const {
    view: _view,
    view_id: _viewId,
    live: _live,
    q: _q,
    range: _range,
    start: _start,
    end: _end,
    ...asked
  } = search;
  return [section, asked, frame];
}

export interface ReasonGroupRow {
  reason_class: string;
  count: number;
  first_seen: string;
  last_seen: string;
  sample_ids: string[];
}

export interface ReasonGroups {
  total: number;
  counted_until: string | null;
  start: string;
  end: string;
  groups: ReasonGroupRow[];
}

export const reasonsQuery = (question: ListQuestion) =>
  queryOptions({
    queryKey: ['list', 'reasons', keyOf(question)],
    queryFn: async (): Promise<ReasonGroups> => {
      const { section, search, frame } = question;
      const { flow_id, source_id, recipient_id, step_id, type, outcome } = search;
      const common = {
        ...{ start: new Date(frame.start), flow_id, source_id, limit: GROUPS_MAX },
        ...(frame.end !== null && { end: new Date(frame.end - 1) }),
      };
      const answer =
        section === 'leads'
          ? await api.listLeadReasons({ ...common, outcome } as Parameters<typeof api.listLeadReasons>[0])
          : await api.listEventReasons({ ...common, outcome, type, recipient_id, step_id } as Parameters<
              typeof api.listEventReasons
            >[0]);
      const { total, counted_until, start, end, reasons } = answer;
      const groups = reasons.map((group) => ({
        ...group,
        count: 'events' in group ? Number(group.events) : group.leads,
      }));
      return { total, counted_until, start, end, groups };
    },
    placeholderData: keepPreviousData,
  });

/** The columns of counts by type of event; of others there are none. */
const COUNTED: Readonly<Record<string, readonly string[]>> = {
  source: ['source'],
  recipient: ['recipient'],
  'feedback-received': ['return-received', 'conversion-received'],
  'feedback-sent': ['return-sent', 'conversion-sent'],
};
export const COUNTED_OUTCOMES = ['success', 'failure', 'error'] as const;
export type CountedOutcome = (typeof COUNTED_OUTCOMES)[number];

export interface CountPlan {
  /** Without `-success` and so on. */
  columns: string[];
  rules: unknown[];
  isByLead: boolean;
  reasonClass: string | null;
}

/** How the counts of a list are asked for; a sentence: there are none for it. */
export function planCounts(section: ListSection, search: ListSearch): CountPlan | string {
  if (search.resubmitted !== undefined) return 'Leads are not counted by whether they were sent again.';
  if (search.step_id !== undefined || search.lead_id !== undefined) return 'Events are not counted by step and lead.';
  if (search.q !== undefined) return 'What a search finds is not counted over time.';
  const kind = feedbackKindOf(search.rules);
  if (search.rules !== undefined && kind === null) return 'Events are not counted by rules.';
  if (section === 'leads') {
    return { columns: ['source'], rules: rulesOf(search), isByLead: true, reasonClass: search.reason_class ?? null };
  }
  const columns = (search.type ?? Object.keys(COUNTED))
    .flatMap((type) => COUNTED[type] ?? [])
    .filter((column) => kind === null || column.startsWith(kind))
    // Reasons are counted of leads and deliveries alone.
    .filter((column) => search.reason_class === undefined || column === 'source' || column === 'recipient');
  if (columns.length === 0) return 'Events of these types are not counted.';
  return { columns, rules: rulesOf(search), isByLead: false, reasonClass: search.reason_class ?? null };
}

/** `return` or `conversion`, where the one rule asks for it. */
function feedbackKindOf(rules: string | undefined): string | null {
  if (rules === undefined) return null;
  const [rule, ...others]: unknown[] = JSON.parse(rules); // read-list-search keeps lists alone
  if (typeof rule !== 'object' || rule === null || others.length > 0) return null;
  const { lhv, op, rhv } = rule as Record<string, unknown>; // compared below
  const isKind = lhv === 'feedback_type' && op === 'is equal to' && (rhv === 'return' || rhv === 'conversion');
  return isKind ? rhv : null;
}

function rulesOf({ flow_id, source_id, recipient_id, outcome }: ListSearch): unknown[] {
  const sides = { 'vars.flow.id': flow_id, 'vars.source.id': source_id, 'vars.recipient.id': recipient_id, outcome };
  return Object.entries(sides).flatMap(([lhv, values]) =>
    values === undefined ? [] : [{ lhv, op: 'is included in', rhv: values.join(',') }],
  );
}

/** The end is excluded; one that is open ends now. */
function frameOfCounts({ frame, now }: Pick<ListQuestion, 'frame' | 'now'>): { start: number; end: number } {
  return { start: frame.start, end: frame.end ?? Math.max(now, frame.start + 60_000) };
}

function askCounts(
  plan: CountPlan,
  { frame, now, ...asked }: Pick<ListQuestion, 'frame' | 'now'> & { interval?: string; groupBy?: string },
): Promise<StatisticsRow[]> {
  const { start, end } = frameOfCounts({ frame, now });
  const groupBy = [
    ...(asked.groupBy === undefined ? [] : [asked.groupBy]),
    ...(plan.reasonClass === null ? [] : ['reason']),
  ];
  return api.readStatistics({
    column: plan.columns.flatMap((column) => COUNTED_OUTCOMES.map((outcome) => `${column}-${outcome}`)),
    by_lead: plan.isByLead ? 'true' : 'false',
    start: new Date(start).toISOString(),
    end: new Date(end - 1).toISOString(),
    ...(plan.rules.length > 0 && { rule: plan.rules.map((rule) => JSON.stringify(rule)) }),
    ...(groupBy.length > 0 && { group_by: [...new Set(groupBy)] }),
    ...(asked.interval !== undefined && { interval: asked.interval }),
  } as Parameters<typeof api.readStatistics>[0]); // columns and intervals are words of the API, put together above
}

export interface CountedBar {
  start: number;
  end: number;
  counts: Record<CountedOutcome, number>;
}

export const histogramQuery = (question: ListQuestion, plan: CountPlan, parts: Parts) =>
  queryOptions({
    queryKey: ['list', 'histogram', keyOfCounts(question, plan), parts],
    queryFn: () => readHistogram(question, plan, parts),
    placeholderData: keepPreviousData,
  });

/** How a time is split: its days are of the account's zone. */
export interface Parts {
  interval: Interval;
  zone: string;
}

/** The bars of a question; one without an event is of zeros. */
export async function readHistogram(
  question: Pick<ListQuestion, 'frame' | 'now'>,
  plan: CountPlan,
  { interval, zone }: Parts,
): Promise<CountedBar[]> {
  const rows = await askCounts(plan, { ...question, interval });
  const { start, end } = frameOfCounts(question);
  return readBars(rows, { plan, starts: listPartStarts({ start, end }, interval, zone), end });
}

function keyOfCounts({ frame, now }: ListQuestion, plan: CountPlan): unknown[] {
  return [plan, frame, now];
}

/** One bar a part of the time, whatever else the rows are split by. Rows of a group are only those that counted something. */
export function readBars(
  rows: readonly StatisticsRow[],
  { plan, starts, end }: { plan: CountPlan; starts: readonly number[]; end: number },
): CountedBar[] {
  const bars = new Map<number, CountedBar>(
    starts.map((start, place) => [
      start,
      { start, end: starts[place + 1] ?? end, counts: { success: 0, failure: 0, error: 0 } },
    ]),
  );
  for (const row of rows) {
    if (row.timeframe === undefined) continue;
    const start = Date.parse(row.timeframe.start);
    const bar = bars.get(start) ?? {
      start,
      end: Date.parse(row.timeframe.end) + 1,
      counts: { success: 0, failure: 0, error: 0 },
    };
    bars.set(start, bar);
    if (!isOfReason(row, plan)) continue;
    const counts = sumRow(row, plan);
    for (const outcome of COUNTED_OUTCOMES) bar.counts[outcome] += counts[outcome];
  }
  return [...bars.values()].sort((one, other) => one.start - other.start);
}

function isOfReason(row: StatisticsRow, { reasonClass }: CountPlan): boolean {
  return reasonClass === null || String(row['reason']).toLowerCase() === reasonClass.toLowerCase();
}

function sumRow(row: StatisticsRow, { columns }: CountPlan): Record<CountedOutcome, number> {
  const sum = (outcome: CountedOutcome) =>
    columns.reduce((total, column) => total + Number(row[`${column}-${outcome}`] ?? 0), 0);
  return { success: sum('success'), failure: sum('failure'), error: sum('error') };
}

export type FacetName = 'flow_id' | 'source_id' | 'recipient_id' | 'reason_class';

export interface FacetValue {
  value: string;
  label: string;
  count: number;
}

const GROUP_OF: Readonly<Record<FacetName, { id: string; name: string }>> = {
  flow_id: { id: 'vars.flow.id', name: 'vars.flow.name' },
  source_id: { id: 'vars.source.id', name: 'vars.source.name' },
  recipient_id: { id: 'vars.recipient.id', name: 'vars.recipient.name' },
  reason_class: { id: 'reason', name: 'reason' },
};

/** Values of one filter with their counts under the other filters, the most frequent first. */
export const facetQuery = (question: ListQuestion, facet: FacetName) =>
  queryOptions({
    queryKey: [
      'list',
      'facet',
      facet,
      question.section,
      { ...question.search, [facet]: undefined },
      question.frame,
      question.now,
    ],
    queryFn: async (): Promise<FacetValue[]> => {
      const { section, search } = question;
      const { [facet]: _own, q: _q, step_id: _step, lead_id: _lead, resubmitted: _again, ...others } = search;
      // The counts of recipients and reasons are those of deliveries and leads.
      const types =
        facet === 'recipient_id' ? ['recipient'] : facet === 'reason_class' ? ['source', 'recipient'] : undefined;
      const plan = planCounts(
        section,
        section === 'events' && types !== undefined ? { ...others, type: types } : others,
      );
      if (typeof plan === 'string') return [];
      const { id, name } = GROUP_OF[facet];
      const rows = await askCounts(plan, { ...question, groupBy: id });
      return collectValues(
        rows.filter((row) => facet === 'reason_class' || isOfReason(row, plan)),
        { id, name, plan },
      );
    },
    placeholderData: keepPreviousData,
  });

function collectValues(
  rows: readonly StatisticsRow[],
  { id, name, plan }: { id: string; name: string; plan: CountPlan },
): FacetValue[] {
  const values = new Map<string, FacetValue>();
  for (const row of rows) {
    const value = row[id];
    if (typeof value !== 'string') continue;
    const { success, failure, error } = sumRow(row, plan);
    const known = values.get(value);
    const count = (known?.count ?? 0) + success + failure + error;
    values.set(value, { value, label: String(row[name] ?? value), count });
  }
  return [...values.values()].filter(({ count }) => count > 0).sort((one, other) => other.count - one.count);
}

export const viewsQuery = (section: ListSection) =>
  queryOptions({ queryKey: ['views', section], queryFn: () => api.listViews({ section }), staleTime: 60_000 });

/** What of a filter an export cannot keep; it would have more rows than the list. */
export function listNotExported({ reason_class, resubmitted, step_id, lead_id, q }: ListSearch): string[] {
  const given = { reason: reason_class, 'sent again': resubmitted, step: step_id, lead: lead_id, search: q };
  return Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
}

export function buildExport({ section, search, frame }: ListQuestion): NewExport {
  const { flow_id, source_id, recipient_id, type, outcome, rules } = search;
  return {
    ...{ start: new Date(frame.start).toISOString(), rows: section },
    ...(frame.end !== null && { end: new Date(frame.end).toISOString() }),
    ...(flow_id && { flow_id }),
    ...(source_id && { source_id }),
    ...(outcome && { outcome }),
    ...(section === 'events' && recipient_id && { recipient_id }),
    ...(section === 'events' && type && { type }),
    ...(section === 'events' && rules !== undefined && { filter_rules: JSON.parse(rules) as unknown[] }),
  };
}
