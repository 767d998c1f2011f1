import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Webhook, type WebhookState, webhookStateQuery, webhooksQuery } from '../../api/account.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/use-session.ts';
import { AskFirst } from '../../parts/AskFirst.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { FormFault, SidePanel } from '../../parts/FormPanel.tsx';
import { NewSecret } from '../../parts/NewSecret.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Time } from '../../parts/Time.tsx';
import { useChange } from '../../parts/use-change.ts';
import { TestWebhook } from './TestWebhook.tsx';
import { WebhookForm } from './WebhookForm.tsx';
import { describeEvents, STATES, stateOf } from './webhook-words.ts';

interface WebhookPanelProps {
  id: string;
  close(): void;
  show(secret: string): void;
}

/** One webhook: what waits, why it fails, and what can be done. */
export function WebhookPanel({ id, close, show }: WebhookPanelProps) {
  const { data: webhooks } = useQuery(webhooksQuery);
  const [isChanging, setChanging] = useState(false);
  const webhook = webhooks?.find((each) => each.id === id);
  if (webhook && isChanging) return <WebhookForm before={webhook} close={() => setChanging(false)} show={show} />;
  return (
    <SidePanel title="Webhook" name={webhook?.name} close={close}>
      {webhooks && webhook === undefined && <Text>No webhook has the id in the address.</Text>}
      {webhook && <Details {...{ webhook, close, show }} change={() => setChanging(true)} />}
    </SidePanel>
  );
}

const COUNT = new Intl.NumberFormat('en-US');

function Details(given: { webhook: Webhook; change(): void } & Omit<WebhookPanelProps, 'id'>) {
  const { webhook, change, close, show } = given;
  const { id, url, disabled_reason: ended } = webhook;
  const { data: state, error, refetch } = useQuery(webhookStateQuery(id));
  const mayManage = useMay('account.manage');
  return (
    <Stack gap="lg">
      <Group gap="sm">
        <OutcomeBadge {...STATES[stateOf(webhook, state)]} />
      </Group>
      {ended !== null && (
        <FaultAlert title="The receiver ended it">{ended} Save it as on to start it again.</FaultAlert>
      )}
      {state?.fault && (
        <FaultAlert title="Why it fails">
          {state.fault.reason}
          {state.next_attempt_at !== null && (
            <>
              . Next attempt <Time at={state.next_attempt_at} />, after {COUNT.format(state.attempts)} in vain.
            </>
          )}
        </FaultAlert>
      )}
      <Facts
        facts={[['URL', url], ['Events', describeEvents(webhook)], ...(state === undefined ? [] : listCounts(state))]}
      />
      {error && state === undefined && <ErrorState error={error} reset={() => void refetch()} />}
      {mayManage && (
        <Group gap="sm">
          <Button variant="default" onClick={change}>
            Change
          </Button>
        </Group>
      )}
      {mayManage && <TestWebhook webhook={webhook} />}
      {state !== undefined && state.set_aside > 0 && <Recover id={id} state={state} />}
      <Secret id={id} show={show} />
      {mayManage && <Remove id={id} close={close} />}
      {!mayManage && (
        <Text size="sm" c="dimmed">
          Changing webhooks takes the permission account.manage. An owner can give you another role.
        </Text>
      )}
    </Stack>
  );
}

function listCounts(state: WebhookState) {
  return [
    ['Waiting', `${COUNT.format(state.waiting)}${state.waiting_more ? ' and more' : ''}`],
    ['Delivered', COUNT.format(state.delivered)],
    ['Set aside', COUNT.format(state.set_aside)],
    ['Last delivered', state.delivered_at === null ? 'Never' : <Time key="delivered" at={state.delivered_at} />],
  ] as const;
}

function Recover({ id, state }: { id: string; state: WebhookState }) {
  const mayRecover = useMay('leads.resubmit');
  const recover = useChange({
    run: () => api.recoverWebhook(id, {}),
    keys: [webhookStateQuery(id).queryKey],
    said: 'What was set aside is sent again',
  });
  return (
    <Stack gap="sm" align="flex-start">
      <Title order={3}>Set aside</Title>
      <Text size="sm">
        {COUNT.format(state.set_aside)} were refused or left over.
        {state.set_aside_reason !== null && ` The last: ${state.set_aside_reason}.`}
      </Text>
      {mayRecover ? (
        <Button variant="default" onClick={() => recover.mutate()} loading={recover.isPending}>
          Send them again
        </Button>
      ) : (
        <Text size="sm" c="dimmed">
          Sending them again takes the permission leads.resubmit.
        </Text>
      )}
      {recover.error && <FormFault error={recover.error} />}
    </Stack>
  );
}

function Secret({ id, show }: { id: string; show(secret: string): void }) {
  return (
    <NewSecret rotate={() => api.rotateWebhookSecret(id)} keys={[webhooksQuery.queryKey]} show={show}>
      Events are signed with it from now on, also those that are sent again. Your program refuses them until it knows
      the new secret.
    </NewSecret>
  );
}

function Remove({ id, close }: { id: string; close(): void }) {
  const remove = useChange({
    run: () => api.removeWebhook(id),
    keys: [webhooksQuery.queryKey],
    said: 'The webhook was removed',
    done: close,
  });
  return (
    <Stack gap="sm" align="flex-start">
      <Title order={3}>Remove</Title>
      <AskFirst
        button="Remove…"
        title="Remove this webhook?"
        verb="Remove webhook"
        run={() => remove.mutate()}
        isRunning={remove.isPending}
        error={remove.error}
      >
        What waits for it goes with it, and no further event is posted.
      </AskFirst>
    </Stack>
  );
}
