import { Button, Group, SegmentedControl, Select, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Webhook } from '../../api/account.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/use-session.ts';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { FormFault } from '../../parts/FormPanel.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { useChange } from '../../parts/use-change.ts';
import { TYPES } from './webhook-words.ts';

type Tested = Awaited<ReturnType<typeof api.testWebhook>>;
type EventType = Webhook['types'][number];

const FROM = [
  { value: 'example', label: 'An example' },
  { value: 'newest', label: 'The newest event' },
];

/** Chooses an event, shows its body, sends exactly that, and shows the answer (decision page 0116). */
export function TestWebhook({ webhook: { id, types } }: { webhook: Webhook }) {
  const mayReadLeads = useMay('leads.read');
  const maySeeValues = useMay('personal_data.read');
  const [type, setType] = useState<EventType>(types[0] ?? 'source');
  const [from, setFrom] = useState<'example' | 'newest'>('example');
  const preview = useChange({
    run: () => api.testWebhook(id, { type, from, preview: true }),
    keys: [],
    said: 'The body is shown',
  });
  const shown = preview.data;
  const send = useChange({
    run: () => api.testWebhook(id, shown?.event_id ? { event_id: shown.event_id } : { type, from }),
    keys: [],
    said: 'The event was sent',
  });
  const choose = (apply: () => void) => {
    apply();
    preview.reset();
    send.reset();
  };
  return (
    <Stack gap="sm" align="flex-start">
      <Title order={3}>Does it arrive?</Title>
      <Text size="sm" c="dimmed">
        Sends one event, signed as the others. Its webhook-id begins with webhook_test_.
      </Text>
      <Select
        label="Event of"
        data={Object.entries(TYPES).map(([value, label]) => ({ value, label }))}
        value={type}
        onChange={(value) => value && choose(() => setType(value as EventType))} // options are the types
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
      />
      {mayReadLeads && maySeeValues && (
        <>
          <SegmentedControl
            aria-label="Which event"
            data={FROM}
            value={from}
            onChange={(value) => choose(() => setFrom(value === 'newest' ? 'newest' : 'example'))}
          />
          {from === 'newest' && (
            <Text size="sm" c="dimmed">
              It has the values of its lead. The activity log notes that you saw them.
            </Text>
          )}
        </>
      )}
      <Button
        variant="default"
        onClick={() => {
          send.reset();
          preview.mutate();
        }}
        loading={preview.isPending}
      >
        Show the body
      </Button>
      {preview.error && <FormFault error={preview.error} />}
      {shown && (
        <>
          <CodeBlock label="Body of the event" code={layOut((send.data ?? shown).request)} />
          <Button onClick={() => send.mutate()} loading={send.isPending}>
            Send this event
          </Button>
        </>
      )}
      {send.error && <FormFault error={send.error} />}
      {send.data && <Answer tested={send.data} />}
    </Stack>
  );
}

function Answer({ tested: { fault, ms, headers, response } }: { tested: Tested }) {
  const isReceived = fault === null;
  return (
    <>
      <Group gap="sm" role="status">
        <OutcomeBadge status={isReceived ? 'success' : 'failure'} word={isReceived ? 'Received' : 'Not received'} />
        <Text size="sm">{[fault, response && `status ${response.status}`, `${ms} ms`].filter(Boolean).join(', ')}</Text>
      </Group>
      {headers && (
        <CodeBlock
          label="Headers that were sent"
          code={Object.entries(headers)
            .map(([name, value]) => `${name}: ${value}`)
            .join('\n')}
        />
      )}
      {response && response.body !== '' && <CodeBlock label="Answer of the receiver" code={response.body} />}
    </>
  );
}

/** With a line for each property; the bytes that are signed have none. */
function layOut(body: string): string {
  return JSON.stringify(JSON.parse(body), null, 2);
}
