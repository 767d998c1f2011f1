import { Text } from '@mantine/core';
import type { LeadImport } from '../../../../client/src/client.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { formatCount } from '../../parts/format-number.ts';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Section } from '../../parts/Section.tsx';

type Check = NonNullable<LeadImport['check']>;
type Fault = Check['errors'][number] & { isError: boolean };

const COLUMNS: readonly Column<Fault>[] = [
  { key: 'message', header: 'What to repair', wraps: true, cell: ({ message }) => <bdi>{message}</bdi> },
  {
    key: 'what',
    header: 'What becomes of them',
    cell: ({ isError }) => (
      <OutcomeBadge status={isError ? 'failure' : 'skip'} word={isError ? 'Rejected' : 'Submitted'} />
    ),
  },
  { key: 'rows', header: 'Rows', isNumber: true, cell: ({ rows }) => formatCount(rows) },
  {
    key: 'samples',
    header: 'Such as row',
    wraps: true,
    cell: ({ samples, rows }) => `${samples.map(formatCount).join(', ')}${rows > samples.length ? ' …' : ''}`,
  },
];

type Reason = Check['preview']['reasons'][number];

const REASON_COLUMNS: readonly Column<Reason>[] = [
  { key: 'outcome', header: 'Outcome', cell: ({ outcome }) => <OutcomeBadge status={outcome} /> },
  { key: 'reason', header: 'Reason', wraps: true, cell: ({ reason }) => <bdi>{reason}</bdi> },
  { key: 'rows', header: 'Rows', isNumber: true, cell: ({ rows }) => formatCount(rows) },
  { key: 'sample', header: 'Such as row', isNumber: true, cell: ({ sample }) => formatCount(sample) },
];

/** What the check of the whole file found, grouped by its repair, and what would become of the first rows. */
export function CheckPart({ check }: { check: Check }) {
  const { rows, rejected, errors, warnings, preview } = check;
  const faults: Fault[] = [
    ...errors.map((each) => ({ ...each, isError: true })),
    ...warnings.map((each) => ({ ...each, isError: false })),
  ];
  const counts = Object.entries(preview.counts).map(([outcome, count]) => `${formatCount(count)} ${outcome}`);
  return (
    <Section title="Check" text="Rows are counted from 1, without the row of names.">
      <Facts
        facts={[
          ['Rows', formatCount(rows)],
          ['To submit', formatCount(rows - rejected)],
          ['Rejected', formatCount(rejected)],
          [`The first ${formatCount(preview.rows)} would be`, counts.join(', ') || '–'],
        ]}
      />
      {faults.length === 0 ? (
        <Text size="sm">Nothing is wrong with the values.</Text>
      ) : (
        <DataTable
          caption="What is wrong with values"
          columns={COLUMNS}
          rows={faults}
          getKey={({ message, isError }) => `${isError} ${message}`}
        />
      )}
      {preview.reasons.length > 0 && (
        <>
          <Text size="sm">
            What the flow would say of the first rows, where recipients accept everything, lists are empty and caps have
            room:
          </Text>
          <DataTable
            caption="What would become of the first rows"
            columns={REASON_COLUMNS}
            rows={preview.reasons}
            getKey={({ outcome, reason }) => `${outcome} ${reason}`}
          />
        </>
      )}
    </Section>
  );
}
