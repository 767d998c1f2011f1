import { setTimeout as pause } from 'node:timers/promises';
import { openClient } from './flow-api.ts';
import { type ReadingStage, readRssMib } from './reading-stage.ts';

export interface ExportFigures {
  rows: number;
  seconds: number;
  rssBeforeMib: number;
  rssPeakMib: number;
  /** Of the file. */
  bytes: number;
}

const POLL_MS = 250;
const MS_MAX = 1_800_000;
const FIELDS = [
  'id',
  'time',
  'type',
  'outcome',
  'reason',
  'lead.first_name',
  'lead.last_name',
  'lead.email',
  'lead.state',
];

/** Exports about so many events and watches the memory of the server meanwhile. */
export async function measureExport({ server, db }: ReadingStage, { rows }: { rows: number }): Promise<ExportFigures> {
  const { rows: range } = await db.query<{ first: string; last: string; count: number }>(
    `select min(id) as first, max(id) as last, (select count(*)::float8 from events) as count from events`,
  );
  const from = Number.parseInt(range[0]?.first.slice(0, 8) ?? '0', 16) * 1000;
  const to = Number.parseInt(range[0]?.last.slice(0, 8) ?? '0', 16) * 1000;
  const start = to - (to - from) * Math.min(1, rows / (range[0]?.count ?? 1));
  const client = openClient(server);
  const rssBeforeMib = readRssMib(server.pid);
  let rssPeakMib = rssBeforeMib;
  const startedAt = performance.now();
  const made = await client.request('POST', '/exports', {
    body: { start: new Date(start).toISOString(), end: new Date(to).toISOString(), fields: FIELDS },
  });
  const { id } = made.body as { id: string }; // an edge: the answer of the route
  while (performance.now() - startedAt < MS_MAX) {
    await pause(POLL_MS);
    rssPeakMib = Math.max(rssPeakMib, readRssMib(server.pid));
    const { body } = await client.request('GET', `/exports/${id}`);
    const state = body as { status: string; exported_docs: number; size: number; error: string | null };
    if (state.error !== null) throw new Error(`the export failed: ${state.error}`);
    if (state.status !== 'complete') continue;
    const seconds = (performance.now() - startedAt) / 1000;
    return { rows: state.exported_docs, seconds, rssBeforeMib, rssPeakMib, bytes: state.size };
  }
  throw new Error('the export did not end');
}
