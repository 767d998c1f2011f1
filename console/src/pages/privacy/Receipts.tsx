import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { receiptsQuery } from '../../api/account.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { Section } from '../../parts/Section.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';

interface Receipt {
  id: string;
  created_at: string;
}

const COLUMNS: readonly Column<Receipt>[] = [
  { key: 'at', header: 'Erased', cell: ({ created_at: at }) => <Time at={at} /> },
  { key: 'id', header: 'Receipt', cell: ({ id }) => <code>{id}</code> },
  {
    key: 'file',
    header: 'File',
    cell: ({ id }) => (
      <Button
        component="a"
        href={`/privacy/receipts/${id}`}
        download={`receipt-${id}.json`}
        size="compact-sm"
        variant="default"
        aria-label={`Download receipt ${id}`}
      >
        Download
      </Button>
    ),
  },
];

const SHOWN_MAX = 50;

/** Signed, and kept for good: what was erased, and what stays. */
export function Receipts() {
  const { data, error, refetch } = useQuery(receiptsQuery);
  return (
    <Section
      title="Receipts"
      text="Each erasure leaves a signed receipt with what was erased and what stays. It names no person."
    >
      {data === undefined ? (
        error ? (
          <ErrorState error={error} reset={() => void refetch()} />
        ) : (
          <TableSkeleton rows={2} />
        )
      ) : data.length === 0 ? (
        <Text c="dimmed">Nobody was erased yet.</Text>
      ) : (
        <>
          <DataTable caption="Receipts" columns={COLUMNS} rows={data.slice(0, SHOWN_MAX)} getKey={({ id }) => id} />
          {data.length > SHOWN_MAX && (
            <Text size="sm" c="dimmed">
              The newest {SHOWN_MAX} of {data.length} are shown; the API lists all.
            </Text>
          )}
        </>
      )}
    </Section>
  );
}
