import { Anchor, Button, Group, List, Select, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { entityNamesQuery } from '../../api/deliveries.ts';
import { flowNamesQuery } from '../../api/flows.ts';
import { type ApiKey, apiKeysQuery } from '../../api/people.ts';
import { useMay } from '../../api/use-session.ts';
import { AskFirst } from '../../parts/AskFirst.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { FormFault, SidePanel } from '../../parts/FormPanel.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Time } from '../../parts/Time.tsx';
import { useChange } from '../../parts/use-change.ts';
import { describeLimits, describeScope, STATES, stateOf } from './key-words.ts';

interface KeyPanelProps {
  id: string;
  close(): void;
  show(made: { name: string; key: string }): void;
}

/** One key: what it may do, another key in its place, its end. */
export function KeyPanel({ id, close, show }: KeyPanelProps) {
  const { data: keys } = useQuery(apiKeysQuery);
  const key = keys?.find((each) => each.id === id);
  return (
    <SidePanel title="API key" name={key?.name} close={close}>
      {keys && key === undefined && <Text>No API key has the id in the address, or it ended long ago.</Text>}
      {key && <Details apiKey={key} show={show} close={close} />}
    </SidePanel>
  );
}

function Details({ apiKey, show, close }: { apiKey: ApiKey } & Omit<KeyPanelProps, 'id'>) {
  const { permissions, previous_valid_until: previous, created_by: by } = apiKey;
  const state = stateOf(apiKey, Date.now());
  return (
    <Stack gap="lg">
      <Group gap="sm">
        <OutcomeBadge {...STATES[state]} />
      </Group>
      <Facts
        facts={[
          ['May', describeScope(apiKey)],
          ['Submits to', <Limits key="limits" apiKey={apiKey} />],
          ['Created', <Time key="created" at={apiKey.created_at} />],
          ['Created by', by?.name ?? '–'],
          ['Last used', apiKey.last_used_at === null ? 'Never' : <Time key="used" at={apiKey.last_used_at} />],
          ['Expires', apiKey.expires_at === null ? 'Never' : <Time key="expires" at={apiKey.expires_at} />],
        ]}
      />
      <Text size="sm">
        <Anchor
          component={Link}
          to="/developers/requests"
          search={{ key: apiKey.id } as never}
          inherit
          underline="always"
        >
          What it asked for
        </Anchor>{' '}
        in the last 7 days.
      </Text>
      <details>
        <summary>Its permissions ({permissions.length})</summary>
        <List size="sm" mt="sm">
          {permissions.map((each) => (
            <List.Item key={each}>{each}</List.Item>
          ))}
        </List>
      </details>
      {previous !== null && Date.parse(previous) > Date.now() && (
        <Text size="sm">
          The key before the rotation is valid until <Time at={previous} />.
        </Text>
      )}
      {state === 'valid' && <Rotate apiKey={apiKey} show={show} />}
      {state !== 'revoked' && <Revoke apiKey={apiKey} close={close} />}
    </Stack>
  );
}

/** Names of what it is limited to; an id where there is none any more. */
function Limits({ apiKey }: { apiKey: ApiKey }) {
  const enabled = useMay('flows.read');
  const { data: flows = [] } = useQuery({ ...flowNamesQuery, enabled });
  const { data: entities } = useQuery({ ...entityNamesQuery, enabled });
  const { flow_ids: flowIds, source_ids: sourceIds } = apiKey;
  if (flowIds === null && sourceIds === null) return describeLimits(apiKey);
  const names = [
    ...(flowIds ?? []).map((id) => flows.find((flow) => flow.id === id)?.name ?? id),
    ...(sourceIds ?? []).map((id) => entities?.get(id) ?? id),
  ];
  return <bdi>{names.join(', ')}</bdi>;
}

const GRACES = [
  { value: '0', label: 'It ends at once' },
  { value: '3600', label: 'One hour' },
  { value: '86400', label: 'One day' },
  { value: '604800', label: 'One week' },
];

function Rotate({ apiKey, show }: { apiKey: ApiKey; show: KeyPanelProps['show'] }) {
  const [grace, setGrace] = useState('86400');
  const rotate = useChange({
    run: () => api.rotateApiKey(apiKey.id, { grace_seconds: Number(grace) }),
    keys: [apiKeysQuery.queryKey],
    said: 'The API key was rotated',
    done: ({ key }) => show({ name: apiKey.name, key }),
  });
  return (
    <Stack gap="sm">
      <Title order={3}>Rotate</Title>
      <Text size="sm" c="dimmed">
        Makes a new key under the same name. The one so far stays valid for a while, so that the program can change.
      </Text>
      <Select
        label="The key so far stays valid for"
        data={GRACES}
        value={grace}
        onChange={(value) => setGrace(value ?? '86400')}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
      />
      {rotate.error && <FormFault error={rotate.error} />}
      <Group>
        <Button variant="default" onClick={() => rotate.mutate()} loading={rotate.isPending}>
          Rotate key
        </Button>
      </Group>
    </Stack>
  );
}

function Revoke({ apiKey: { id }, close }: { apiKey: ApiKey; close(): void }) {
  const revoke = useChange({
    run: () => api.revokeApiKey(id),
    keys: [apiKeysQuery.queryKey],
    said: 'The API key was revoked',
    done: close,
  });
  return (
    <Stack gap="sm" align="flex-start">
      <Title order={3}>Revoke</Title>
      <AskFirst
        button="Revoke…"
        title="Revoke this key?"
        verb="Revoke key"
        run={() => revoke.mutate()}
        isRunning={revoke.isPending}
        error={revoke.error}
      >
        Programs that use it are refused within five seconds. It cannot be taken back.
      </AskFirst>
    </Stack>
  );
}
