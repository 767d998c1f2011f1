import { Anchor, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { DELIVERIES_MAX, entityNamesQuery } from '../../api/deliveries.ts';
import { flowNamesQuery } from '../../api/flows.ts';
import { useMay } from '../../api/use-session.ts';
import type { Column } from '../../parts/DataTable.tsx';

/** Names of flows and recipients; without the permission to read flows their ids. */
export function useDeliveryNames() {
  const isAllowed = useMay('flows.read');
  const { data: flows = [] } = useQuery({ ...flowNamesQuery, enabled: isAllowed });
  const { data: entities } = useQuery({ ...entityNamesQuery, enabled: isAllowed });
  return {
    flow: (id: string) => flows.find((flow) => flow.id === id)?.name ?? id,
    entity: (id: string) => entities?.get(id) ?? id,
  };
}

interface Delivered {
  recipient_id: string;
  flow_id: string;
}

/** Who gets it, and of which flow. */
export function columnsOfNames(
  names: ReturnType<typeof useDeliveryNames>,
  onLaptop: { flow?: 'leaves' } = {},
): Column<Delivered>[] {
  return [
    { key: 'recipient', header: 'Recipient', wraps: true, cell: (of) => <bdi>{names.entity(of.recipient_id)}</bdi> },
    {
      key: 'flow',
      header: 'Flow',
      wraps: true,
      ...(onLaptop.flow && { onLaptop: onLaptop.flow }),
      cell: (of) => <bdi>{names.flow(of.flow_id)}</bdi>,
    },
  ];
}

/** To what is older, and back to the newest. */
export function Pages(given: {
  to: string;
  search: Record<string, unknown>;
  lastId: string | undefined;
  rows: number;
}) {
  const { to, search, lastId, rows } = given;
  const { before_id: beforeId, ...first } = search;
  const isFull = rows >= DELIVERIES_MAX && lastId !== undefined;
  if (beforeId === undefined && !isFull) return null;
  return (
    <Group gap="md" mt="sm">
      {beforeId !== undefined && (
        <Anchor component={Link} to={to} search={first as never} size="sm">
          Back to the newest
        </Anchor>
      )}
      {isFull && (
        <Anchor component={Link} to={to} search={{ ...first, before_id: lastId } as never} size="sm">
          Show older ones
        </Anchor>
      )}
    </Group>
  );
}
