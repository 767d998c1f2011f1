import type { ExportDefinition } from './export.ts';

const EXTENSIONS = { csv: 'csv.gz', jsonl: 'jsonl.gz' } as const;

/** As the file is saved: `events-2026-11-01-2026-11-08-c0ffee.csv.gz`; the end of the id tells it from others of the range. */
export function buildFileName({
  definition: { rows, format, start, end },
  id,
}: {
  definition: Pick<ExportDefinition, 'rows' | 'format' | 'start' | 'end'>;
  id: string;
}): string {
  return `${rows}-${start.slice(0, 10)}-${end.slice(0, 10)}-${id.slice(-6)}.${EXTENSIONS[format]}`;
}
