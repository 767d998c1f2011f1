import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { FlowFacts } from '../../api/flows.ts';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { MakeDraft } from '../history/MakeDraft.tsx';

/** What was just published. */
export interface PublishedFacts {
  revision: number;
  /** What ran before; null: nothing. */
  before: number | null;
  /** `3 changes` */
  words: string;
  note: string;
}

/** What runs now, and the way back. */
export function Published(given: { flow: FlowFacts; facts: PublishedFacts; reload: () => Promise<void> }) {
  const { flow, facts, reload } = given;
  const { revision, before, words, note } = facts;
  return (
    <Stack gap="md" align="flex-start">
      <Group gap="sm">
        <Title order={1}>Revision {revision} is live</Title>
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
      <Group gap="sm">
        <Button
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
