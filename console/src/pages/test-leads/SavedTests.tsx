import { Button, Group, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { TestLead, TestLeadResults } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { describeError, ErrorState } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import type { LeadToTest } from './LeadInput.tsx';
import { End } from './TestResults.tsx';

interface SavedTestsProps {
  flowId: string;
  /** What they run on: `draft`, `saved`, `deployed`, or a revision. */
  on: string;
  /** Saves what was typed last. */
  flush: () => Promise<boolean>;
  load: (lead: LeadToTest, sourceId: string) => void;
}

/** Leads that were kept with what they should come to, and whether they do. */
export function SavedTests({ flowId, on, flush, load }: SavedTestsProps) {
  const mayWrite = useMay('flows.write');
  const queries = useQueryClient();
  const tests = useQuery({ queryKey: ['flows', flowId, 'tests'], queryFn: () => api.listTestLeads(flowId) });
  const run = useMutation({
    mutationFn: async () => {
      await flush();
      return api.runTestLeads(flowId, {
        revision: /^\d+$/.test(on) ? Number(on) : (on as 'draft' | 'saved' | 'deployed'),
      }); // as the address was read
    },
    onSuccess: ({ passed, failed }) => announce(`${passed} test leads pass, ${failed} fail`),
  });
  const remove = useMutation({
    mutationFn: (id: string) => api.removeTestLead(flowId, id),
    onSuccess: async () => {
      announce('The test lead was removed');
      await queries.invalidateQueries({ queryKey: ['flows', flowId, 'tests'] });
    },
  });
  const rows = tests.data ?? [];
  const error = run.error ?? remove.error;
  return (
    <section aria-labelledby="saved-tests">
      <Group justify="space-between" mb="sm">
        <Title order={2} id="saved-tests">
          Saved test leads
        </Title>
        <Group gap="sm">
          {run.data && (
            <Text size="sm" role="status">
              {run.data.passed} of {run.data.passed + run.data.failed} pass
            </Text>
          )}
          {rows.length > 0 && (
            <Button variant="default" onClick={() => run.mutate()} loading={run.isPending}>
              Run all
            </Button>
          )}
        </Group>
      </Group>
      {error && <FaultAlert>{describeError(error).text}</FaultAlert>}
      {tests.error && <ErrorState error={tests.error} reset={() => void tests.refetch()} />}
      {tests.isPending && <TableSkeleton rows={3} />}
      {tests.data?.length === 0 && (
        <Text c="dimmed">None yet. Run a lead above and save it with what it should come to.</Text>
      )}
      {rows.length > 0 && (
        <DataTable
          caption="Saved test leads"
          columns={columnsOf({ results: run.data?.results ?? [], mayWrite, load, remove: (id) => remove.mutate(id) })}
          rows={rows}
          getKey={({ id }) => id}
        />
      )}
    </section>
  );
}

function columnsOf(given: {
  results: TestLeadResults['results'];
  mayWrite: boolean;
  load: SavedTestsProps['load'];
  remove: (id: string) => void;
}): readonly Column<TestLead>[] {
  const { results, mayWrite, load, remove } = given;
  const resultOf = (id: string) => results.find((result) => result.id === id);
  return [
    { key: 'name', header: 'Test lead', wraps: true, cell: ({ name }) => <bdi>{name}</bdi> },
    { key: 'expected', header: 'Expected', wraps: true, cell: ({ expected }) => <End end={expected} /> },
    {
      key: 'result',
      header: 'Result',
      cell: ({ id }) => {
        const result = resultOf(id);
        if (!result) return 'Not run';
        return <OutcomeBadge status={result.passed ? 'success' : 'error'} word={result.passed ? 'Passed' : 'Failed'} />;
      },
    },
    {
      key: 'got',
      header: 'Came to',
      wraps: true,
      cell: ({ id }) => {
        const result = resultOf(id);
        if (!result) return '–';
        return result.got === null ? <bdi>{result.problem}</bdi> : <End end={result.got} />;
      },
    },
    {
      key: 'actions',
      header: 'Actions',
      cell: ({ id, name, values, source_id: sourceId, assume, now }) => (
        <Group gap="sm" wrap="nowrap">
          {values !== null && (
            <Button
              variant="default"
              size="compact-sm"
              aria-label={`Load ${name}`}
              onClick={() => {
                const text = JSON.stringify(values, null, 2);
                load(
                  {
                    kind: 'pasted',
                    values: {},
                    text,
                    pasted: { ok: true, kind: 'JSON', given: { values } },
                    assume: pickAssumed(assume),
                    ...(now && { now }),
                  },
                  sourceId,
                );
              }}
            >
              Load
            </Button>
          )}
          {mayWrite && (
            <Button variant="default" size="compact-sm" aria-label={`Remove ${name}`} onClick={() => remove(id)}>
              Remove
            </Button>
          )}
        </Group>
      ),
    },
  ];
}

function pickAssumed(assume: TestLead['assume']): LeadToTest['assume'] {
  return { ...(assume?.lists && { lists: assume.lists }), ...(assume?.answers && { answers: assume.answers }) };
}
