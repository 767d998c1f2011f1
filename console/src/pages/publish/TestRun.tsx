import { Anchor, Button, Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client.ts';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { TestResults } from '../test-leads/TestResults.tsx';

/** Every saved test lead on the draft, without sending anything. */
export function TestRun(given: { flowId: string; hasDraft: boolean; version: number | null; canRun: boolean }) {
  const { flowId, hasDraft, version, canRun } = given;
  const tests = useQuery({ queryKey: ['flows', flowId, 'tests'], queryFn: () => api.listTestLeads(flowId) });
  const run = useQuery({
    queryKey: ['flows', flowId, 'tests', 'run', version],
    queryFn: () => api.runTestLeads(flowId, { revision: hasDraft ? 'draft' : 'saved' }),
    enabled: canRun && (tests.data?.length ?? 0) > 0,
    gcTime: 0,
  });
  const error = tests.error ?? run.error;
  const again = () => void (tests.error ? tests.refetch() : run.refetch());
  return (
    <section aria-labelledby="tests">
      <Group justify="space-between" mb="sm">
        <Title order={2} id="tests">
          {run.data
            ? run.data.failed === 0
              ? `All ${run.data.passed} test leads pass`
              : `${run.data.failed} of ${run.data.passed + run.data.failed} test leads fail`
            : 'Test leads'}
        </Title>
        {run.data && (
          <Button variant="default" size="compact-sm" onClick={again} loading={run.isFetching}>
            Run again
          </Button>
        )}
      </Group>
      {error && <ErrorState error={error} reset={again} />}
      {tests.data?.length === 0 && (
        <Text c="dimmed">
          No test lead is saved.{' '}
          <Anchor inherit underline="always" renderRoot={(props) => <Link {...props} to={`/flows/${flowId}/test`} />}>
            Try one and save it
          </Anchor>{' '}
          with what it should come to: it runs here before each publish.
        </Text>
      )}
      {!canRun && (tests.data?.length ?? 0) > 0 && (
        <Text c="dimmed">They run once nothing keeps the draft from running.</Text>
      )}
      {run.isLoading && <TableSkeleton rows={3} />}
      {run.data && <TestResults results={run.data.results} />}
    </section>
  );
}
