import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { GivenReport, Report, ReportRow } from '../../../client/src/client.ts';
import { api } from './client.ts';

export type { GivenReport, Report, ReportRow };

export const reportsQuery = queryOptions({ queryKey: ['reports'], queryFn: () => api.listReports() });

export const reportQuery = (id: string) =>
  queryOptions({ queryKey: ['reports', 'one', id], queryFn: () => api.readReport(id) });

/** What a run is asked, as `GET /reports/{id}/run` takes it. */
export interface RunAsked {
  timeframe?: string;
  start?: string;
  end?: string;
  interval?: string;
  compare?: string;
}

export const runQuery = (id: string, asked: RunAsked) =>
  queryOptions({
    queryKey: ['reports', 'run', id, asked],
    queryFn: () => api.runReport(id, asked as Parameters<typeof api.runReport>[1]), // words of the API, chosen from lists
    placeholderData: keepPreviousData,
  });

/** The rows as a file for a spreadsheet, made by the server. */
export async function readReportCsv(id: string, asked: RunAsked): Promise<string> {
  const { body } = await api.request('GET', buildRunPath(id), {
    query: { ...asked, links: 'false' },
    headers: { Accept: 'text/csv' },
  });
  return String(body);
}

export function buildRunPath(id: string): string {
  return `/reports/${encodeURIComponent(id)}/run`;
}

/** A report as it is sent back: what the server sets is left out. */
export function givenOf(report: Report): GivenReport {
  const { name, description, columns, rules, group_by, by_lead, timeframe, interval, time_zone, schedule } = report;
  return { name, description, columns, rules, group_by, by_lead, timeframe, interval, time_zone, schedule };
}
