import { Skeleton, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { SluiceError } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { useSession } from '../../api/use-session.ts';
import { Delayed } from '../../parts/Delayed.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { LeadLink } from '../../parts/LeadLink.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { ViewTabs } from '../../parts/ViewTabs.tsx';
import { DataTab } from './DataTab.tsx';
import { ExplainTab } from './ExplainTab.tsx';
import { FeedbackTab } from './FeedbackTab.tsx';
import type { Reveal } from './HiddenValues.tsx';
import { LeadHeader } from './LeadHeader.tsx';
import { type LeadToShow, leadQuery } from './lead-query.ts';
import { LEAD_TABS } from './lead-tabs.ts';
import { NeighbourNav } from './NeighbourNav.tsx';
import { NoLead } from './NoLead.tsx';
import { RawTab } from './RawTab.tsx';
import { TimelineTab } from './TimelineTab.tsx';

const route = getRouteApi('/signed-in/leads/$leadId');

/** Everything about one lead, by address. Of another lead it begins anew, with its values hidden. */
export function LeadPage() {
  const { leadId } = route.useParams();
  return (
    <>
      <NeighbourNav leadId={leadId} />
      <LeadById key={leadId} leadId={leadId} />
    </>
  );
}

function LeadById({ leadId }: { leadId: string }) {
  useTitle(`Lead ${leadId}`, 'Leads');
  const { permissions } = useSession();
  const query = useQuery(leadQuery(leadId));
  const revealing = useMutation({ mutationFn: () => api.revealLead(leadId), gcTime: 0 });
  const reveal: Reveal = {
    isRevealed: revealing.data !== undefined,
    isPermitted: permissions.includes('personal_data.read'),
    isPending: revealing.isPending,
    error: revealing.error,
    show: () => revealing.mutate(),
    hide: () => revealing.reset(),
  };
  if (query.error instanceof SluiceError && (query.error.status === 404 || query.error.status === 400))
    return <NoLead leadId={leadId} lookAgain={() => query.refetch()} isLooking={query.isFetching} />;
  if (query.data === undefined)
    return query.error ? (
      <Stack>
        <Title order={1}>Lead</Title>
        <ErrorState error={query.error} reset={() => query.refetch()} />
      </Stack>
    ) : (
      <LeadSkeleton />
    );
  return <Loaded shown={{ ...query.data, ...revealing.data }} reveal={reveal} />;
}

function Loaded({ shown, reveal }: { shown: LeadToShow; reveal: Reveal }) {
  const { tab = 'explain' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Stack gap="lg">
      <LeadHeader shown={shown} reveal={reveal} />
      {reveal.error && <ErrorState error={reveal.error} reset={reveal.show} />}
      <ViewTabs
        label="Views of the lead"
        words={WORDS}
        views={LEAD_TABS}
        chosen={tab}
        choose={(view) => void navigate({ search: view === 'explain' ? {} : { tab: view } })}
      >
        {tab === 'explain' && <ExplainTab shown={shown} />}
        {tab === 'timeline' && <TimelineTab shown={shown} />}
        {tab === 'data' && <DataTab shown={shown} reveal={reveal} />}
        {tab === 'raw' && <RawTab shown={shown} reveal={reveal} />}
        {tab === 'feedback' && <FeedbackTab shown={shown} />}
      </ViewTabs>
      {shown.lead.resubmitted_as && (
        <Text>
          It was sent again as <LeadLink id={shown.lead.resubmitted_as} />.
        </Text>
      )}
    </Stack>
  );
}

const WORDS = {
  explain: 'Explain',
  timeline: 'Timeline',
  data: 'Data',
  raw: 'Raw',
  feedback: 'Money and feedback',
} as const;

function LeadSkeleton() {
  return (
    <Stack gap="lg" aria-busy>
      <Title order={1}>Lead</Title>
      <Delayed>
        <Skeleton h={72} />
        <Skeleton h={36} w={420} maw="100%" />
        <Skeleton h={48} />
        <Skeleton h={220} />
      </Delayed>
    </Stack>
  );
}
