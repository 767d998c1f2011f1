import { Anchor, Button, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { SluiceError } from '../../../../client/src/client.ts';
import type { FlowDocument } from '../../../../src/model/flow.ts';
import { flowDocumentQuery } from '../../api/flow-document.ts';
import { type FlowFacts, type FlowSource, flowQuery } from '../../api/flows.ts';
import { FlowInWords } from '../../editor/overview/FlowInWords.tsx';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { Delayed } from '../../parts/Delayed.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { FlowBadge } from '../../parts/FlowBadge.tsx';
import { FlowNav } from '../../parts/FlowNav.tsx';
import { Time } from '../../parts/Time.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { Widget, WidgetBody } from '../../parts/Widget.tsx';
import { useNames } from '../edit/use-names.ts';
import { buildSubmitUrl } from './build-submit-url.ts';
import { FlowOverview } from './FlowOverview.tsx';
import styles from './flow.module.css';
import { PostingPanel } from './PostingPanel.tsx';

const route = getRouteApi('/signed-in/flows/$flowId');

/** One flow as it is saved: what state it is in, its sources, and how vendors get to know how to post. */
export function FlowPage() {
  const { flowId } = route.useParams();
  const query = useQuery(flowQuery(flowId));
  useTitle(query.data?.name ?? 'Flow', 'Flows');
  if (query.error instanceof SluiceError && (query.error.status === 404 || query.error.status === 400))
    return <NoFlow flowId={flowId} />;
  if (query.data) return <Loaded flow={query.data} />;
  return query.error ? (
    <Stack>
      <Title order={1}>Flow</Title>
      <ErrorState error={query.error} reset={() => void query.refetch()} />
    </Stack>
  ) : (
    <FlowSkeleton />
  );
}

function Loaded({ flow }: { flow: FlowFacts }) {
  const { source: sourceId } = route.useSearch();
  const navigate = route.useNavigate();
  const source = flow.sources.find(({ id }) => id === sourceId);
  return (
    <Stack gap="lg">
      <FlowHeader flow={flow} />
      <InWords flow={flow} />
      <section aria-labelledby="sources">
        <Title order={2} id="sources" mb="sm">
          Sources
        </Title>
        {flow.sources.length === 0 ? (
          <EmptyState title="No sources" text="Leads come in at a source. Add one to the flow, then publish it." />
        ) : (
          <DataTable
            caption="Sources of the flow"
            columns={columnsOf(flow)}
            rows={flow.sources}
            getKey={({ id }) => id}
          />
        )}
        {sourceId !== undefined && source === undefined && (
          <Text c="dimmed" mt="sm" role="status">
            The flow has no source with the id in the address.
          </Text>
        )}
      </section>
      <FlowOverview flowId={flow.id} />
      {source && (
        <PostingPanel
          flow={flow}
          source={source}
          close={() => void navigate({ search: ({ source: _closed, ...kept }) => kept })}
        />
      )}
    </Stack>
  );
}

/** What a stranger reads first: the flow as it is saved, in sentences. */
function InWords({ flow: { id, revision, isChanged } }: { flow: FlowFacts }) {
  const query = useQuery(flowDocumentQuery(id));
  return (
    <Widget
      title="What happens to a lead"
      aside={
        isChanged && (
          <Text size="xs" c="dimmed">
            As saved, revision {revision}: it does not run yet
          </Text>
        )
      }
    >
      <WidgetBody query={query} height={WORDS_HEIGHT}>
        {(document) => <Sentences flowId={id} document={document} />}
      </WidgetBody>
    </Widget>
  );
}

/** Of eight sentences. */
const WORDS_HEIGHT = 192;

function Sentences({ flowId, document }: { flowId: string; document: FlowDocument }) {
  return <FlowInWords names={useNames(flowId, document)} />;
}

function FlowHeader({ flow }: { flow: FlowFacts }) {
  const { id, name, state, revision, deployedRevision, updatedAt, errors } = flow;
  return (
    <Stack gap="sm" component="header">
      <FlowNav flowId={id} />
      <div className={styles['title']}>
        <div>
          <Title order={1}>
            <bdi>{name}</bdi>
          </Title>
          <FlowBadge state={state} />
        </div>
        <Button variant="default" renderRoot={(props) => <Link {...props} to="/leads" search={{ flow_id: [id] }} />}>
          Latest leads
        </Button>
      </div>
      <Facts
        facts={[
          [
            'Saved',
            <span key="saved">
              revision {revision}, <Time at={updatedAt} />
            </span>,
          ],
          ['Runs', deployedRevision === null ? 'nothing: it was never published' : `revision ${deployedRevision}`],
          ...(errors > 0
            ? [['Cannot run yet', `${errors === 1 ? '1 error' : `${errors} errors`} in what is saved`] as const]
            : []),
        ]}
      />
    </Stack>
  );
}

/** A source takes leads while its flow does. */
function stateOf(flow: FlowFacts, { isEnabled }: FlowSource) {
  return flow.state === 'live' && !isEnabled ? 'off' : flow.state;
}

function columnsOf(flow: FlowFacts): readonly Column<FlowSource>[] {
  return [
    { key: 'name', header: 'Source', wraps: true, cell: ({ name }) => <bdi>{name}</bdi> },
    { key: 'state', header: 'State', cell: (source) => <FlowBadge state={stateOf(flow, source)} /> },
    {
      key: 'posting',
      header: 'Posting page',
      cell: ({ id, name }) => (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={`Show links to the posting page of ${name}`}
          renderRoot={(props) => (
            <Link {...props} to="/flows/$flowId" params={{ flowId: flow.id }} search={{ source: id }} />
          )}
        >
          Show links
        </Button>
      ),
    },
    {
      key: 'url',
      header: 'Submit URL',
      cell: ({ id, name }) => (
        <CopyButton
          isSmall
          text={buildSubmitUrl({ flowId: flow.id, sourceId: id })}
          label={`Copy URL for leads of ${name}`}
          word="Copy URL"
        />
      ),
    },
    { key: 'key', header: 'Authentication', cell: ({ needsKey }) => (needsKey ? 'API key' : 'None') },
  ];
}

function NoFlow({ flowId }: { flowId: string }) {
  return (
    <Stack align="flex-start" gap="sm" maw={640}>
      <Title order={1}>There is no such flow</Title>
      <Text>
        No flow of this account has the id <code className={styles['long']}>{flowId.slice(0, 40)}</code>. It was
        removed, or the id is mistyped.
      </Text>
      <Anchor component={Link} to="/flows">
        Find a flow
      </Anchor>
    </Stack>
  );
}

function FlowSkeleton() {
  return (
    <Stack gap="lg" aria-busy>
      <Title order={1}>Flow</Title>
      <Delayed>
        <Skeleton h={40} w={480} maw="100%" />
        <Skeleton h={144} />
      </Delayed>
    </Stack>
  );
}
