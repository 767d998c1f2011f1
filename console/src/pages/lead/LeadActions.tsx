import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Lead } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { useSession } from '../../api/use-session.ts';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { describeError } from '../../parts/ErrorState.tsx';
import { LeadLink } from '../../parts/LeadLink.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { readSentRequest, type SentRequest, writeCurl } from './as-curl.ts';
import type { Reveal } from './HiddenValues.tsx';
import type { NextStep } from './next-steps.ts';
import { readSimulation } from './read-simulation.ts';

/** What can be done with the lead: the next step first. */
export function LeadActions(given: { lead: Lead; reveal: Reveal; next: readonly NextStep[] }) {
  const { lead, reveal, next } = given;
  const { permissions } = useSession();
  const source = lead.events.find(({ type }) => type === 'source');
  const sent = readSentRequest(source?.request);
  return (
    <Group gap="sm" role="group" aria-label="Actions" data-next={next.length > 0}>
      {next.map(({ to, label }, place) => (
        <Button key={label} component={Link} to={to} variant={place === 0 ? 'filled' : 'default'}>
          {label}
        </Button>
      ))}
      {reveal.isPermitted &&
        (reveal.isRevealed ? (
          <Button variant="default" leftSection={<IconEyeOff size={14} />} onClick={reveal.hide}>
            Hide values
          </Button>
        ) : (
          <Button
            variant="default"
            leftSection={<IconEye size={14} />}
            onClick={reveal.show}
            loading={reveal.isPending}
          >
            Reveal values
          </Button>
        ))}
      <CopyButton
        label="Copy link to the lead"
        word="Copy link"
        text={`${window.location.origin}/app/leads/${lead.id}`}
      />
      {sent && (
        <CopyButton
          label="Copy as curl, with the values"
          word="Copy as curl"
          text={writeCurl(window.location.origin, sent)}
        />
      )}
      {sent && permissions.includes('flows.read') && <Simulate lead={lead} sent={sent} />}
      {permissions.includes('leads.resubmit') && <Resubmit lead={lead} />}
    </Group>
  );
}

function Simulate({ lead, sent }: { lead: Lead; sent: SentRequest }) {
  const [isOpen, setOpen] = useState(false);
  const simulate = useMutation({
    mutationFn: (revision: 'deployed' | 'saved') =>
      api.evaluateFlow(lead.flow.id, { revision, source: lead.source.id, ...readSimulation(sent) }),
  });
  const result = simulate.data?.lead;
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Simulate again…
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Simulate again" centered>
        <Stack>
          <Text>
            The same request goes through the flow. Nothing is sent or counted: recipients accept everything, lists are
            empty, and caps have room.
          </Text>
          <Group>
            <Button onClick={() => simulate.mutate('deployed')} loading={simulate.isPending}>
              Simulate on the published flow
            </Button>
            <Button variant="default" onClick={() => simulate.mutate('saved')} loading={simulate.isPending}>
              Simulate on the draft
            </Button>
          </Group>
          <div aria-live="polite">
            {simulate.error && (
              <Text c="var(--failure)">
                <Sentence text={describeError(simulate.error).text} />
              </Text>
            )}
            {simulate.isSuccess && (
              <Group gap="xs">
                <Text span>On the {simulate.variables === 'saved' ? 'draft' : 'published flow'} it would come to</Text>
                {result ? <OutcomeBadge status={result.outcome} /> : <Text span>no lead at all</Text>}
                {result?.reason && <bdi>{result.reason}</bdi>}
                <Text span c="dimmed">
                  {result?.outcome === lead.outcome ? 'As it did.' : 'It came to something else.'}
                </Text>
              </Group>
            )}
          </div>
        </Stack>
      </Modal>
    </>
  );
}

function Resubmit({ lead }: { lead: Lead }) {
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  const again = lead.outcome === 'success' || lead.resubmitted_as !== undefined;
  const send = useMutation({
    mutationFn: async () => {
      const result = await api.resubmitLeads({ lead_ids: [lead.id], preview: false, ...(again && { again: true }) });
      return 'leads' in result ? (result.leads[0] as ResubmittedLead | undefined) : undefined;
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['lead', lead.id] }),
  });
  const { data } = send;
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Resubmit…
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Resubmit the lead" centered>
        <Stack>
          <Text>
            The lead goes through the published flow as a new lead, with all its deliveries.
            {again && ' It was accepted or sent again before: recipients may get it twice.'}
          </Text>
          <div aria-live="polite">
            {send.error && (
              <Text c="var(--failure)">
                <Sentence text={describeError(send.error).text} />
              </Text>
            )}
            {data && <Resubmitted result={data} />}
          </div>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen(false)}>
              {data ? 'Close' : 'Cancel'}
            </Button>
            {!data && (
              <Button onClick={() => send.mutate()} loading={send.isPending}>
                Resubmit the lead
              </Button>
            )}
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

/** As the guide on sending leads again has it. */
interface ResubmittedLead {
  status?: string;
  resubmitted_as?: string | null;
  outcome: string | null;
  reason: string | null;
}

function Resubmitted({ result: { status, resubmitted_as: newId, outcome, reason } }: { result: ResubmittedLead }) {
  if (!newId)
    return (
      <Text>
        It was not sent ({status ?? 'refused'}){reason ? `: ${reason}` : '.'}
      </Text>
    );
  return (
    <Group gap="xs">
      <LeadLink id={newId}>The new lead</LeadLink>
      {outcome && <OutcomeBadge status={outcome} />}
      {reason && <bdi>{reason}</bdi>}
    </Group>
  );
}
