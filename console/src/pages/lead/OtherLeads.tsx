import { Button, Loader, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Lead } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { useSession } from '../../api/use-session.ts';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { formatTime } from '../../parts/format-time.ts';
import { LeadLink } from '../../parts/LeadLink.tsx';
import { ScrollSideways } from '../../parts/ScrollSideways.tsx';

const SHOWN_MAX = 10;

/** The newest leads of the flow that ended with the same class of reason. */
export function OtherLeads({ lead }: { lead: Lead }) {
  const [isAsked, setAsked] = useState(false);
  const { account } = useSession();
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
          Show other leads with this reason
        </Button>
      )}
      {isAsked && others.isPending && <Loader size="sm" aria-label="Reading leads" />}
      {others.error && <ErrorState error={others.error} reset={() => others.refetch()} />}
      {others.isSuccess && rows.length === 0 && (
        <Text c="dimmed">No other lead of this flow that is counted by now has it.</Text>
      )}
      {rows.length > 0 && (
        <ScrollSideways label="Other leads with this reason, a table">
          <Table aria-label="Other leads with this reason" verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Lead</Table.Th>
                <Table.Th scope="col">Submitted</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ id = '', submitted_at: at = '' }) => (
                <Table.Tr key={id}>
                  <Table.Td>
                    <LeadLink id={id} />
                  </Table.Td>
                  <Table.Td>{formatTime(new Date(at), { zone: account.time_zone, now: new Date() })}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollSideways>
      )}
    </section>
  );
}
