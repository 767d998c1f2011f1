import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { FlowFacts } from '../../api/flows.ts';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { MakeDraft } from '../history/MakeDraft.tsx';
import type { NewSource } from './find-new-sources.ts';

/** What was just published. */
export interface PublishedFacts {
  revision: number;
  /** What ran before; null: nothing. */
  before: number | null;
  /** `3 changes` */
  words: string;
  note: string;
  /** That it added. */
  sources: readonly NewSource[];
}

/** More of them are in the overview of the flow. */
const SOURCES_MAX = 5;

/** What runs now, and the way back. */
export function Published(given: { flow: FlowFacts; facts: PublishedFacts; reload: () => Promise<void> }) {
  const { flow, facts, reload } = given;
  const { revision, before, words, note, sources } = facts;
  return (
    <Stack gap="md" align="flex-start">
      <Group gap="sm">
        <Title order={1}>Revision {revision} is published</Title>
        <OutcomeBadge status="success" word="Published" />
      </Group>
      <Text>
        New leads of <bdi>{flow.name}</bdi> run on it, with {words}
        {before === null ? '' : ` against revision ${before}`}.
      </Text>
      {note !== '' && (
        <Text c="dimmed">
          <bdi>{note}</bdi>
        </Text>
      )}
      {sources.length > 0 && (
        <section aria-label="What comes next">
          <Text>Send the link of the posting page to the people who will post leads:</Text>
          <Group gap="sm" pt="xs">
            {sources.slice(0, SOURCES_MAX).map(({ id, name }) => (
              <Button
                key={id}
                renderRoot={(props) => (
                  <Link {...props} to="/flows/$flowId" params={{ flowId: flow.id }} search={{ source: id }} />
                )}
              >
                <bdi>Posting page of {name}</bdi>
              </Button>
            ))}
          </Group>
        </section>
      )}
      <Group gap="sm">
        <Button
          {...(sources.length > 0 && { variant: 'default' })}
          renderRoot={(props) => (
            <Link
              {...props}
              to="/flows/$flowId/history"
              params={{ flowId: flow.id }}
              search={{ to: revision, ...(before !== null && { from: before }) }}
            />
          )}
        >
          See it in the history
        </Button>
        {before !== null && before !== revision && (
          <MakeDraft flow={flow} revision={before} word={`Undo: make revision ${before} the draft`} made={reload} />
        )}
        <Button variant="default" renderRoot={(props) => <Link {...props} to={`/flows/${flow.id}/test`} />}>
          Test it
        </Button>
      </Group>
      <Anchor size="sm" renderRoot={(props) => <Link {...props} to={`/flows/${flow.id}/edit/sources`} />}>
        Back to the editor
      </Anchor>
    </Stack>
  );
}
