import { Anchor, Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { flowNamesQuery } from '../../api/flows.ts';
import { type Entity, entitiesQuery } from '../../api/library.ts';
import { useMay } from '../../api/use-session.ts';
import { AskFirst } from '../../parts/AskFirst.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { SidePanel } from '../../parts/FormPanel.tsx';
import { FlowLinks } from '../../parts/Uses.tsx';
import { useChange } from '../../parts/use-change.ts';
import { EntityForm } from './EntityForm.tsx';
import { RECIPIENTS, SOURCES } from './entity-words.ts';

/** One entity: what it is, which flows name it. */
export function EntityPanel({ id, close }: { id: string; close(): void }) {
  const { data: entities } = useQuery(entitiesQuery);
  const [isChanging, setChanging] = useState(false);
  const entity = entities?.find((each) => each.id === id);
  const show = () => setChanging(false);
  if (entity && isChanging) return <EntityForm before={entity} close={show} done={show} />;
  return (
    <SidePanel title="Partner" name={entity?.name} close={close}>
      {entities && entity === undefined && <Text>No partner has the id in the address.</Text>}
      {entity && <Details entity={entity} close={close} change={() => setChanging(true)} />}
    </SidePanel>
  );
}

function Details({ entity, close, change }: { entity: Entity; close(): void; change(): void }) {
  const mayWrite = useMay('flows.write');
  const { data: names = [] } = useQuery(flowNamesQuery);
  const { id, description, source, recipient, website, flow_ids: flowIds, module_ids: moduleIds } = entity;
  const flows = flowIds.map((flowId) => ({
    id: flowId,
    name: names.find((each) => each.id === flowId)?.name ?? flowId,
  }));
  return (
    <Stack gap="lg">
      <div>
        <Code>{id}</Code>
      </div>
      {description !== undefined && description !== '' && <Text>{description}</Text>}
      <Facts
        facts={[
          ['As a source', source === null ? 'None' : SOURCES[source]],
          ['As a recipient', recipient === null ? 'None' : RECIPIENTS[recipient]],
          ['Website', website === null ? '–' : website],
          ['Suffix of fields', entity.field_suffix ?? '–'],
        ]}
      />
      <Stack gap={4}>
        <Title order={3}>Modules</Title>
        {moduleIds.length === 0 && <Text c="dimmed">It names none.</Text>}
        {moduleIds.map((moduleId) => (
          <Anchor key={moduleId} component={Link} to={`/integrations/${moduleId}`} size="sm">
            {moduleId}
          </Anchor>
        ))}
      </Stack>
      <Stack gap={4}>
        <Title order={3}>Flows with it</Title>
        <FlowLinks flows={flows} nothing="No flow names it." />
      </Stack>
      {mayWrite && (
        <Stack gap="sm" align="flex-start">
          <Group>
            <Button variant="default" onClick={change}>
              Change entity
            </Button>
          </Group>
          <Remove id={id} close={close} />
        </Stack>
      )}
    </Stack>
  );
}

function Remove({ id, close }: { id: string; close(): void }) {
  const remove = useChange({
    run: () => api.removeEntity(id),
    keys: [entitiesQuery.queryKey, ['entity-names']],
    said: 'The partner was removed',
    done: close,
  });
  return (
    <AskFirst
      button="Remove…"
      title="Remove this partner?"
      verb="Remove partner"
      run={() => remove.mutate()}
      isRunning={remove.isPending}
      error={remove.error}
    >
      Leads that have come keep its name. One that a flow names stays.
    </AskFirst>
  );
}
