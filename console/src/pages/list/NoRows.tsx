import { Button, Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { listFilters, RANGE_DEFAULT, RANGES } from './list-search.ts';
import type { ListState } from './use-list.ts';

/** In the place of rows: what was asked, and the next step. */
export function NoRows({ list: { section, search, change } }: { list: ListState }) {
  const filters = listFilters(search);
  const isNamed = search.start === undefined && search.end === undefined;
  const time = isNamed ? `the ${RANGES[search.range ?? RANGE_DEFAULT].label.toLowerCase()}` : 'this time';
  const asked = [...(search.q === undefined ? [] : ['the search']), ...filters.map((name) => NAMES[name] ?? name)];
  if (asked.length > 0)
    return (
      <EmptyState title={`No ${section} match`} text={`In ${time} nothing matches ${asked.join(', ')}.`}>
        <Group gap="sm">
          <Button
            variant="default"
            onClick={() => change(Object.fromEntries([...filters, 'q', 'view_id'].map((name) => [name, undefined])))}
          >
            Clear filters
          </Button>
          {search.range !== '90d' && (
            <Button variant="default" onClick={() => change({ range: '90d', start: undefined, end: undefined })}>
              Look at the last 90 days
            </Button>
          )}
        </Group>
      </EmptyState>
    );
  return (
    <EmptyState
      title={`No ${section} in ${time}`}
      text={
        section === 'leads'
          ? "A lead is a person's answer that a source sends. The setup shows how to send the first one, and waits for it."
          : 'An event is what happened to a lead: that it came in, passed a filter, went to a recipient. Events come with the first lead.'
      }
    >
      <Group gap="sm">
        <Button component={Link} to="/setup">
          Send the first lead
        </Button>
        {search.range !== '90d' && (
          <Button variant="default" onClick={() => change({ range: '90d', start: undefined, end: undefined })}>
            Look at the last 90 days
          </Button>
        )}
      </Group>
    </EmptyState>
  );
}

const NAMES: Readonly<Record<string, string>> = {
  outcome: 'the outcome',
  type: 'the type',
  flow_id: 'the flow',
  source_id: 'the source',
  recipient_id: 'the recipient',
  reason_class: 'the reason',
  resubmitted: 'whether it was sent again',
  rules: 'the rules of the view',
  step_id: 'the step',
};
