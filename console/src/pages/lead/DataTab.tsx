import { Table, Text } from '@mantine/core';
import { ScrollSideways } from '../../parts/ScrollSideways.tsx';
import { ShownValue } from '../../parts/ShownValue.tsx';
import { listFields } from './field-rows.ts';
import { HiddenValues, type Reveal } from './HiddenValues.tsx';
import styles from './lead.module.css';
import type { LeadToShow } from './lead-query.ts';

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
  return (
    <ScrollSideways label="Values of the lead, a table">
      <Table aria-label="Values of the lead" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Field</Table.Th>
            <Table.Th scope="col">As sent</Table.Th>
            <Table.Th scope="col">As read</Table.Th>
            <Table.Th scope="col">As delivered</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ name, sent, read, isValid, isMasked, delivered }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={500}>
                <code className={styles['mono']}>{name}</code>
              </Table.Th>
              <Table.Td>
                <ShownValue value={sent} />
              </Table.Td>
              <Table.Td>
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
              </Table.Td>
              <Table.Td className={styles['long']}>
                {delivered.length === 0 ? (
                  <Text span c="dimmed">
                    –
                  </Text>
                ) : (
                  delivered.map((where) => (
                    <div key={where}>
                      <code className={styles['mono']}>{where}</code>
                    </div>
                  ))
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollSideways>
  );
}
