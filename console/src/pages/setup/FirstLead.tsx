import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { LeadFacts } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { announce } from '../../parts/announce.ts';
import { buildLeadPath } from '../../parts/build-lead-path.ts';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { Money } from '../../parts/Money.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import type { SetupFlow, SetupSource } from './flows.ts';
import { latestLeadQuery } from './latest-lead.ts';
import classes from './SetupStep.module.css';
import { buildCurl, buildSampleLead } from './sample-lead.ts';

/** While a person waits for a lead; in a tab that is hidden nothing is asked. */
const WATCH_MS = 1_000;

/** A lead that can be sent from here or from a terminal, and what became of it once it arrives. */
export function FirstLead({ flow, source }: { flow: SetupFlow; source: SetupSource }) {
  const meta = useQuery({
    queryKey: ['setup', 'meta', flow.id, source.id],
    queryFn: () => api.readSourceMeta(flow.id, source.id),
  });
  const latest = useQuery({ ...latestLeadQuery(flow.id, source.id), refetchInterval: WATCH_MS });
  // Each lead is of another person, else the second is a duplicate.
  const [tag, setTag] = useState(createTag);
  const lead = buildSampleLead(meta.data?.params ?? [], tag);
  const send = useMutation({
    mutationFn: () => api.submitLead(flow.id, source.id, lead),
    onSuccess: () => {
      setTag(createTag());
      return latest.refetch();
    },
  });
  const arrived = latest.data ?? null;
  if (meta.isError) return <ErrorState error={meta.error} reset={() => void meta.refetch()} />;
  if (meta.data === undefined) return null;
  return (
    <Stack gap="sm" align="stretch">
      <Text c="dimmed">
        Send one to <b>{source.name}</b> of <b>{flow.name}</b>, from here or from a terminal. It runs like every lead:
        recipients of the flow get it.
      </Text>
      <Group gap="sm">
        <Button
          variant={arrived === null ? 'filled' : 'default'}
          loading={send.isPending}
          onClick={() => send.mutate()}
        >
          Send a test lead
        </Button>
      </Group>
      <CodeBlock
        code={buildCurl(`${window.location.origin}/flows/${flow.id}/sources/${source.id}/submit`, lead)}
        label="Command that sends it"
      />
      {meta.data.source.authentication_required && (
        <Text c="dimmed">This source takes leads with an API key only: add -u :KEY to the command.</Text>
      )}
      {send.isError && <FaultAlert title="The lead was not taken">{send.error.message}</FaultAlert>}
      {latest.isError && <ErrorState error={latest.error} reset={() => void latest.refetch()} />}
      {!latest.isError && arrived === null && (
        <p className={classes['waiting']}>
          <span className={classes['dot']} aria-hidden />
          Waiting for the first lead
        </p>
      )}
      {arrived !== null && <ArrivedLead key={arrived.id} lead={arrived} />}
    </Stack>
  );
}

function ArrivedLead({ lead: { id = '', outcome = 'error', reason, price } }: { lead: LeadFacts }) {
  useEffect(() => announce(`A lead arrived: ${outcome}`), [outcome]);
  return (
    <Stack gap="sm">
      <div className={classes['lead']}>
        <OutcomeBadge status={outcome} />
        <span>
          <Money dollars={price} />
        </span>
        {typeof reason === 'string' && reason !== '' && <span>{reason}</span>}
      </div>
      <Group gap="sm">
        <Button component={Link} to={buildLeadPath(id)}>
          See what happened to it
        </Button>
        <Button component={Link} to="/" variant="default">
          Go to Home
        </Button>
      </Group>
    </Stack>
  );
}

function createTag(): string {
  return crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36) ?? '0';
}
