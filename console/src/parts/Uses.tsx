import { Anchor, List, Skeleton, Text } from '@mantine/core';
import { type UseQueryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Delayed } from './Delayed.tsx';
import { ErrorState } from './ErrorState.tsx';

interface User {
  id: string;
  name?: string;
}

interface UsesProps<Using extends User> {
  // biome-ignore lint/suspicious/noExplicitAny: the key is of no matter here
  query: UseQueryOptions<Using[], Error, Using[], any>;
  /** Said when no flow does. */
  nothing: string;
}

/** The flows that use something, as links. */
export function Uses<Using extends User>({ query, nothing }: UsesProps<Using>) {
  const { data: flows, error, refetch } = useQuery(query);
  if (flows === undefined)
    return error ? (
      <ErrorState error={error} reset={() => void refetch()} />
    ) : (
      <Delayed>
        <Skeleton h={24} w={280} />
      </Delayed>
    );
  return <FlowLinks flows={flows} nothing={nothing} />;
}

export function FlowLinks({ flows, nothing }: { flows: readonly User[]; nothing: string }) {
  if (flows.length === 0) return <Text c="dimmed">{nothing}</Text>;
  return (
    <List size="sm" spacing={4}>
      {flows.map(({ id, name }) => (
        <List.Item key={id}>
          <Anchor component={Link} to={`/flows/${id}`} inherit>
            <bdi>{name || id}</bdi>
          </Anchor>
        </List.Item>
      ))}
    </List>
  );
}
