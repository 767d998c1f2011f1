import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Webhook, webhookStateQuery, webhooksQuery } from '../../api/account.ts';
import { useMay } from '../../api/use-session.ts';
import type { Column } from '../../parts/DataTable.tsx';
import { ListFrame } from '../../parts/ListFrame.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PanelButton, PanelName } from '../../parts/PanelButton.tsx';
import { SecretOnce } from '../../parts/SecretOnce.tsx';
import { Time } from '../../parts/Time.tsx';
import { usePanel } from '../../parts/use-address.ts';
import { SettingsTabs } from '../settings/SettingsTabs.tsx';
import { WebhookForm } from './WebhookForm.tsx';
import { WebhookPanel } from './WebhookPanel.tsx';
import { describeEvents, STATES, stateOf } from './webhook-words.ts';

const COUNT = new Intl.NumberFormat('en-US');

const COLUMNS: readonly Column<Webhook>[] = [
  { key: 'name', header: 'Name', wraps: true, cell: ({ id, name }) => <PanelName panel={id}>{name}</PanelName> },
  { key: 'url', header: 'URL', wraps: true, cell: ({ url }) => <bdi>{url}</bdi> },
  { key: 'events', header: 'Events', wraps: true, cell: describeEvents },
  { key: 'state', header: 'State', cell: (webhook) => <State webhook={webhook} /> },
  { key: 'waiting', header: 'Waiting', isNumber: true, cell: ({ id }) => <Waiting id={id} /> },
  { key: 'since', header: 'Created', cell: ({ created_at: at }) => <Time at={at} /> },
];

function State({ webhook }: { webhook: Webhook }) {
  const { data: state } = useQuery(webhookStateQuery(webhook.id));
  return <OutcomeBadge {...STATES[stateOf(webhook, state)]} />;
}

function Waiting({ id }: { id: string }) {
  const { data: state } = useQuery(webhookStateQuery(id));
  return state === undefined ? '' : `${COUNT.format(state.waiting)}${state.waiting_more ? '+' : ''}`;
}

/** Where events are posted to as they come. */
export function WebhooksPage() {
  const { panel, close } = usePanel();
  const mayManage = useMay('account.manage');
  const mayRead = useMay('flows.read');
  const [secret, setSecret] = useState<string | null>(null);
  const show = (made: string) => {
    close();
    setSecret(made);
  };
  return (
    <ListFrame
      title="Webhooks"
      section="Settings"
      text="Events of leads, posted and signed to a URL of yours as they come."
      tabs={<SettingsTabs />}
      permission="flows.read"
      noun={['webhook', 'webhooks']}
      query={webhooksQuery}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      textOf={({ name, url }) => `${name} ${url}`}
      action={mayManage && <PanelButton panel="new">Add a webhook</PanelButton>}
      empty={{
        title: 'No webhooks yet',
        text: 'A webhook posts each event to a program of yours, such as a warehouse.',
      }}
    >
      {mayManage && panel === 'new' && <WebhookForm before={null} close={close} show={show} />}
      {mayRead && panel !== undefined && panel !== 'new' && <WebhookPanel id={panel} close={close} show={show} />}
      {secret !== null && (
        <SecretOnce
          title="Secret of the webhook"
          text="Requests are signed with it, as the Standard Webhooks specification says. Your program checks the signature with the same secret."
          label="Secret"
          secret={secret}
          close={() => setSecret(null)}
        />
      )}
    </ListFrame>
  );
}
