import { Button, Loader, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Lead } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { LeadLink } from '../../parts/LeadLink.tsx';
import { Time } from '../../parts/Time.tsx';

const SHOWN_MAX = 10;

const COLUMNS: readonly Column<LeadSummary>[] = [
  { key: 'lead', header: 'Lead', cell: ({ id = '' }) => <LeadLink id={id} /> },
  { key: 'submitted', header: 'Submitted', cell: ({ submitted_at: at = '' }) => <Time at={at} /> },
];

type LeadSummary = Awaited<ReturnType<typeof api.listLeads>>[number];

/** The newest leads of the flow that ended with the same class of reason. */
export function OtherLeads({ lead }: { lead: Lead }) {
  const [isAsked, setAsked] = useState(false);
  const reasonClass = lead.reason ?? '';
  const others = useQuery({
    queryKey: ['leads', 'reason', lead.flow.id, reasonClass],
    queryFn: () => api.listLeads({ flow_id: [lead.flow.id], reason_class: reasonClass, limit: SHOWN_MAX + 1 }),
    enabled: isAsked,
  });
  const rows = (others.data ?? []).filter(({ id }) => id !== lead.id).slice(0, SHOWN_MAX);
  return (
    <section>
      <Title order={2}>Other leads with this reason</Title>
      {!isAsked && (
        <Button variant="default" size="xs" mt="xs" onClick={() => setAsked(true)}>
          Show the newest
        </Button>
      )}
      {isAsked && others.isPending && <Loader size="sm" aria-label="Reading leads" />}
      {others.error && <ErrorState error={others.error} reset={() => others.refetch()} />}
      {others.isSuccess && rows.length === 0 && (
        <Text c="dimmed">No other lead of this flow that is counted by now has it.</Text>
      )}
      {rows.length > 0 && (
        <DataTable caption="Other leads with this reason" columns={COLUMNS} rows={rows} getKey={({ id }) => id ?? ''} />
      )}
    </section>
  );
}
