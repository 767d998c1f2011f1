import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { CapCounter } from '../../../client/src/client.ts';
import type { ListSearch, ListSection } from '../pages/list/list-search.ts';
import { askedFrame, type ResolvedFrame } from '../parts/time-frames.ts';
import { api } from './client.ts';
import { type CountPlan, type Parts, planCounts, readHistogram } from './lists.ts';

export type { CapCounter };

const POLL_MS = 60_000;
/** Of numbers up to now. */
const OPEN_POLL_MS = 20_000;
/** Of unknown results; past it the page says "or more". */
export const UNKNOWNS_MAX = 50;
const PROBLEMS_SHOWN_MAX = 3;
const JOBS_LOOKED_AT_MAX = 50;
const REASONS_MAX = 8;

/** Whose numbers they are; nothing: of the account. A recipient's are of deliveries, the others' of leads. */
export interface NumbersOf {
  flow_id?: string;
  source_id?: string;
  recipient_id?: string;
}

/** The same as filters of a list. */
export function filterOf(of: NumbersOf): ListSearch {
  const { flow_id, source_id, recipient_id } = of;
  return {
    ...(flow_id !== undefined && { flow_id: [flow_id] }),
    ...(source_id !== undefined && { source_id: [source_id] }),
    ...(recipient_id !== undefined && { recipient_id: [recipient_id], type: ['recipient', 'retry'] }),
  };
}

/** The list that the numbers are of. */
export function sectionOf({ recipient_id: id }: NumbersOf): ListSection {
  return id === undefined ? 'leads' : 'events';
}

/** What came in and what it brought, with the same time before. */
export interface Numbers {
  submitted: number;
  success: number;
  failure: number;
  error: number;
  /** Dollars. */
  cost: number;
  revenue: number;
  profit: number;
}

export interface ComparedNumbers {
  now: Numbers;
  before: Numbers;
}

const COLUMN_OF = {
  submitted: 'source-submitted',
  success: 'source-success',
  failure: 'source-failure',
  error: 'source-error',
  cost: 'cost',
  revenue: 'revenue',
  profit: 'profit',
} as const satisfies Record<keyof Numbers, string>;
const MEASURED = Object.keys(COLUMN_OF) as (keyof Numbers)[]; // the keys are the names

/** One that is under way is asked again as time goes on, without being another question. */
export function askedAgain(frame: ResolvedFrame) {
  const { start, end, isOpen } = frame;
  return {
    key: [start, isOpen ? 'now' : end] as const,
    options: { placeholderData: keepPreviousData, refetchInterval: isOpen ? OPEN_POLL_MS : (false as const) },
  };
}

export const numbersQuery = (frame: ResolvedFrame, of: NumbersOf = {}) =>
  queryOptions({
    queryKey: ['overview', 'numbers', askedAgain(frame).key, of],
    queryFn: async (): Promise<ComparedNumbers> => {
      const [row] = await api.readStatistics({
        ...askedFrame(frame),
        column: MEASURED.map((name) => COLUMN_OF[name]),
        compare: frame.against,
        ...ruleOf(of),
      });
      const read = (value: (name: keyof Numbers) => unknown) =>
        Object.fromEntries(MEASURED.map((name) => [name, Number(value(name) ?? 0)])) as unknown as Numbers; // each name has its number
      return {
        now: read((name) => row?.[COLUMN_OF[name]]),
        before: read((name) => row?.compared?.[COLUMN_OF[name]]?.value),
      };
    },
    ...askedAgain(frame).options,
  });

/** Leads by outcome in parts of the frame. */
export const barsQuery = (frame: ResolvedFrame, parts: Parts, of: NumbersOf = {}) =>
  queryOptions({
    queryKey: ['overview', 'bars', askedAgain(frame).key, parts, of],
    queryFn: () => {
      const { start, end } = frame;
      const section = sectionOf(of);
      const { type: _type, ...filter } = filterOf(of);
      // Such filters are always counted.
      const plan = planCounts(section, section === 'events' ? { ...filter, type: ['recipient'] } : filter) as CountPlan;
      return readHistogram({ frame: { start, end }, now: end }, plan, parts);
    },
    ...askedAgain(frame).options,
  });

/** A rule on flows costs nothing (docs/guides/statistics.md). */
export function ruleOf({ flow_id: id }: NumbersOf): { rule?: string[] } {
  return id === undefined ? {} : { rule: [JSON.stringify({ lhv: 'vars.flow.id', op: 'is equal to', rhv: id })] };
}

export const capsQuery = (of: NumbersOf = {}) =>
  queryOptions({
    queryKey: ['overview', 'caps', of],
    queryFn: () => api.listCaps({ ...(of.flow_id !== undefined && { flow_id: of.flow_id }) }),
    refetchInterval: POLL_MS,
  });

export const topReasonsQuery = (frame: ResolvedFrame, of: NumbersOf = {}) =>
  queryOptions({
    queryKey: ['overview', 'reasons', askedAgain(frame).key, of],
    queryFn: async () => {
      const { start, end } = frame;
      const asked = {
        ...{ start: new Date(start), end: new Date(end - 1), limit: REASONS_MAX, outcome: ['failure', 'error'] },
        ...filterOf(of),
      };
      if (sectionOf(of) === 'leads') {
        const { reasons } = await api.listLeadReasons(asked as Parameters<typeof api.listLeadReasons>[0]);
        return reasons.map(({ reason_class: reason, leads: count }) => ({ reason, count }));
      }
      const { reasons } = await api.listEventReasons(asked as Parameters<typeof api.listEventReasons>[0]);
      return reasons.map(({ reason_class: reason, events }) => ({ reason, count: Number(events) }));
    },
    ...askedAgain(frame).options,
  });

const polled = <Read>(name: string, queryFn: () => Promise<Read>) =>
  queryOptions({ queryKey: ['overview', name], queryFn, refetchInterval: POLL_MS });

/** What may need somebody, each by itself. */
export const ATTENTION_QUERIES = {
  problems: polled('problems', () => api.listProblems({ state: ['open'], limit: PROBLEMS_SHOWN_MAX })),
  unknowns: polled('unknowns', async () => (await api.listUnknowns({ limit: UNKNOWNS_MAX })).length),
  health: polled('health', () => api.listRecipientHealth()),
  keys: polled('keys', () => api.listApiKeys()),
  jobs: polled('jobs', () => api.listJobs({ limit: JOBS_LOOKED_AT_MAX })),
  reports: polled('reports', () => api.listReports()),
};
