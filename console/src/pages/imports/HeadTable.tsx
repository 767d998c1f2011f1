import { DataTable } from '../../parts/DataTable.tsx';
import { Section } from '../../parts/Section.tsx';
import { HEAD_ROWS_MAX } from './read-head-rows.ts';

/** The first rows of the file that was chosen, read by the browser; they are kept nowhere. */
export function HeadTable({ rows, hasHeader }: { rows: readonly string[][]; hasHeader: boolean }) {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const names = hasHeader ? (rows[0] ?? []) : [];
  const shown = rows.slice(hasHeader ? 1 : 0).slice(0, HEAD_ROWS_MAX);
  const numbered = shown.map((cells, place) => ({ number: place + 1, cells }));
  return (
    <Section title="First rows" text={`As the file has them, at most ${HEAD_ROWS_MAX}.`}>
      <DataTable
        caption="First rows"
        isList
        columns={[
          { key: 'row', header: 'Row', isNumber: true, cell: ({ number }) => number },
          ...Array.from({ length: width }, (_, place) => ({
            key: String(place),
            header: names[place] || `Column ${place + 1}`,
            cell: ({ cells }: { cells: string[] }) => <bdi>{cells[place] ?? ''}</bdi>,
          })),
        ]}
        rows={numbered}
        getKey={({ number }) => String(number)}
      />
    </Section>
  );
}
