import { Text } from '@mantine/core';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { ShownValue } from '../../parts/ShownValue.tsx';
import { type FieldRow, listFields } from './field-rows.ts';
import { HiddenValues, type Reveal } from './HiddenValues.tsx';
import styles from './lead.module.css';
import type { LeadToShow } from './lead-query.ts';

const COLUMNS: readonly Column<FieldRow>[] = [
  { key: 'field', header: 'Field', wraps: true, cell: ({ name }) => <code className={styles['mono']}>{name}</code> },
  { key: 'sent', header: 'As sent', wraps: true, cell: ({ sent }) => <ShownValue value={sent} /> },
  {
    ...{ key: 'read', header: 'As read', wraps: true },
    cell: ({ read, isValid, isMasked }) => (
      <>
        <ShownValue value={read} />
        {!isValid && (
          <Text span size="sm" c="var(--failure)">
            {' '}
            ✕ not valid
          </Text>
        )}
        {isMasked && (
          <Text span size="sm" c="dimmed">
            {' '}
            masked for good
          </Text>
        )}
      </>
    ),
  },
  {
    ...{ key: 'delivered', header: 'As delivered', wraps: true },
    cell: ({ delivered }) =>
      delivered.length === 0
        ? '–'
        : delivered.map((where) => (
            <div key={where}>
              <code className={styles['mono']}>{where}</code>
            </div>
          )),
  },
];

/** Each value as it was sent, as it was read, and where it was delivered. */
export function DataTab({ shown: { lead }, reveal }: { shown: LeadToShow; reveal: Reveal }) {
  if (!reveal.isRevealed) return <HiddenValues reveal={reveal} what="The values of the lead" />;
  const { vars } = lead;
  const values = typeof vars === 'object' && vars !== null && 'lead' in vars ? vars.lead : undefined;
  const rows = listFields(values, lead.events);
  if (rows.length === 0)
    return (
      <Text>
        No values are kept: they were deleted when their time was over, erased, or lost before they were written.
      </Text>
    );
  return <DataTable caption="Values of the lead" columns={COLUMNS} rows={rows} getKey={({ name }) => name} />;
}
