import { Button, Group, Text } from '@mantine/core';
import { type QueryKey, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { describeJob, isUnderWay } from '../api/jobs.ts';
import { ErrorState } from './ErrorState.tsx';
import { OutcomeBadge } from './OutcomeBadge.tsx';

const POLL_MS = 1_000;

/** A job that the page has begun, asked for until it ends. `keys`: read again then. */
export function useJob(id: string | null, keys: readonly QueryKey[] = []) {
  const queries = useQueryClient();
  return useQuery({
    queryKey: ['jobs', id],
    queryFn: async () => {
      const found = await api.readJob(id ?? '');
      if (!isUnderWay(found)) await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
      return found;
    },
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && !isUnderWay(state.data) ? false : POLL_MS),
  });
}

/** How far a job is, and its files at its end; it goes on without the page. */
export function JobProgress({ id, keys }: { id: string; keys?: readonly QueryKey[] }) {
  const { data: job, error, refetch } = useJob(id, keys);
  if (job === undefined) return error ? <ErrorState error={error} reset={() => void refetch()} /> : null;
  return (
    <Group gap="sm" role="status">
      <OutcomeBadge status={job.state} />
      <Text size="sm">{describeJob(job)}</Text>
      {job.artefacts.map(({ name, url }) => (
        <Button key={name} component="a" href={url} size="compact-sm" variant="default" download>
          Download {name}
        </Button>
      ))}
    </Group>
  );
}
