import { Button, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { type FlowFacts, flowQuery } from '../../api/flows.ts';
import { type UsedDraft, useDraft } from '../../editor/draft/use-draft.ts';
import { Delayed } from '../../parts/Delayed.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { DraftConflict, RevisionConflict } from './Conflicts.tsx';
import { FlowFrame } from './FlowFrame.tsx';
import { Published, type PublishedFacts } from './Published.tsx';
import { Review } from './Review.tsx';

const route = getRouteApi('/signed-in/draft/flows/$flowId/publish');

/** What a draft changes of what runs, whether that is safe, and the button that makes it run. */
export function PublishPage() {
  const { flowId } = route.useParams();
  const flow = useQuery(flowQuery(flowId));
  const draft = useDraft(flowId);
  const { flush } = draft;
  useEffect(() => void flush(), [flush]);
  const [published, setPublished] = useState<PublishedFacts | null>(null);
  return (
    <FlowFrame flowId={flowId} flow={flow} page="Publish" skeleton={<PublishSkeleton />}>
      {(facts) => <Shown flow={facts} draft={draft} published={published} setPublished={setPublished} />}
    </FlowFrame>
  );
}

interface ShownProps {
  flow: FlowFacts;
  draft: UsedDraft;
  published: PublishedFacts | null;
  setPublished: (facts: PublishedFacts) => void;
}

function Shown({ flow, draft, published, setPublished }: ShownProps) {
  const { version, conflict, baseRevision, savedRevision, deployedRevision } = draft;
  if (conflict !== null) return <DraftConflict draft={draft} conflict={conflict} />;
  if (version !== null && baseRevision !== savedRevision) return <RevisionConflict flow={flow} draft={draft} />;
  // After it was published there is no draft, until somebody begins another one.
  if (version === null && published !== null) return <Published flow={flow} facts={published} reload={draft.reload} />;
  if (version !== null || savedRevision !== deployedRevision)
    return <Review flow={flow} draft={draft} done={setPublished} />;
  return <Nothing flow={flow} draft={draft} />;
}

function Nothing({ flow, draft }: { flow: FlowFacts; draft: UsedDraft }) {
  return (
    <Stack gap="sm" align="flex-start">
      <Title order={1}>
        Publish <bdi>{flow.name}</bdi>
      </Title>
      {draft.state === 'saving' ? (
        <Text role="status">Saving the draft…</Text>
      ) : (
        <EmptyState
          title="Nothing to publish"
          text={`There is no draft: leads run on revision ${draft.savedRevision}, as it is saved. Change something in the editor, or take an old revision from the history.`}
        >
          <Button renderRoot={(props) => <Link {...props} to={`/flows/${flow.id}/edit/sources`} />}>
            Edit the flow
          </Button>
          <Button variant="default" renderRoot={(props) => <Link {...props} to={`/flows/${flow.id}/history`} />}>
            Open the history
          </Button>
        </EmptyState>
      )}
    </Stack>
  );
}

function PublishSkeleton() {
  return (
    <Stack gap="lg" aria-busy>
      <Title order={1}>Publish</Title>
      <Delayed>
        <Skeleton h={320} />
      </Delayed>
    </Stack>
  );
}
