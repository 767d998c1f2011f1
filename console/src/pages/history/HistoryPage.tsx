import { Skeleton, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { flowQuery } from '../../api/flows.ts';
import { Delayed } from '../../parts/Delayed.tsx';
import { FlowFrame } from '../publish/FlowFrame.tsx';
import { Comparison } from './Comparison.tsx';
import { RevisionList } from './RevisionList.tsx';

const route = getRouteApi('/signed-in/flows/$flowId/history');

/** What was saved of a flow: by whom, when, what it changed, and what runs; any two of them compared; an old one as the draft. */
export function HistoryPage() {
  const { flowId } = route.useParams();
  const { from, to } = route.useSearch();
  const flow = useQuery(flowQuery(flowId));
  return (
    <FlowFrame
      flowId={flowId}
      flow={flow}
      page="History"
      {...(to !== undefined && { part: from === undefined ? `Revision ${to}` : `Revisions ${from} and ${to}` })}
      skeleton={<HistorySkeleton />}
    >
      {(facts) =>
        to === undefined ? <RevisionList flow={facts} /> : <Comparison flow={facts} from={from ?? to - 1} to={to} />
      }
    </FlowFrame>
  );
}

function HistorySkeleton() {
  return (
    <Stack gap="lg" aria-busy>
      <Title order={1}>History</Title>
      <Delayed>
        <Skeleton h={320} />
      </Delayed>
    </Stack>
  );
}
