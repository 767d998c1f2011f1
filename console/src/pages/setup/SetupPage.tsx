import { Anchor, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useSession } from '../../api/use-session.ts';
import { Delayed } from '../../parts/Delayed.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { AccountZone } from './AccountZone.tsx';
import { AddFlow } from './AddFlow.tsx';
import { FirstLead } from './FirstLead.tsx';
import { chooseSource, flowsQuery } from './flows.ts';
import { latestLeadQuery } from './latest-lead.ts';
import { SetupStep } from './SetupStep.tsx';

const route = getRouteApi('/signed-in/setup');

/** From a new administrator to the first lead. What is done is read from the server, so that it goes on wherever it was left. */
export function SetupPage() {
  useTitle('Set up');
  const { user } = useSession();
  const search = route.useSearch();
  const flows = useQuery(flowsQuery);
  const chosen = chooseSource(flows.data ?? [], search);
  const lead = useQuery({
    ...latestLeadQuery(chosen?.flow.id ?? '', chosen?.source.id ?? ''),
    enabled: chosen !== null,
  });
  const hasLead = (lead.data ?? null) !== null;
  const name = `${user.first_name} ${user.last_name}`.trim();
  return (
    <>
      <PageHeader title="Set up">
        {!hasLead && (
          <Anchor component={Link} to="/" py="xs">
            Skip for now
          </Anchor>
        )}
      </PageHeader>
      <Stack component="ol" gap="lg" maw={760} p={0} m={0} mt="md">
        <SetupStep number={1} title="You" isDone>
          <Text c="dimmed">{name === '' ? user.email : `${name}, ${user.email}`}. You are signed in.</Text>
        </SetupStep>
        <SetupStep number={2} title="Time zone" isDone>
          <AccountZone />
        </SetupStep>
        <SetupStep number={3} title="A flow" isDone={chosen !== null}>
          {flows.isPending && (
            <Delayed>
              <Skeleton h={40} />
            </Delayed>
          )}
          {flows.isError && <ErrorState error={flows.error} reset={() => void flows.refetch()} />}
          {flows.data && <AddFlow flows={flows.data} chosen={chosen} />}
        </SetupStep>
        <SetupStep number={4} title="The first lead" isDone={hasLead}>
          {chosen === null ? (
            <Text c="dimmed">Waits for a flow that runs.</Text>
          ) : (
            <FirstLead key={chosen.source.id} {...chosen} />
          )}
        </SetupStep>
      </Stack>
    </>
  );
}
