import { Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { type Field, fieldsQuery } from '../../api/library.ts';
import { useMay } from '../../api/use-session.ts';
import { AskFirst } from '../../parts/AskFirst.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { SidePanel } from '../../parts/FormPanel.tsx';
import { ShownValue } from '../../parts/ShownValue.tsx';
import { FlowLinks } from '../../parts/Uses.tsx';
import { useChange } from '../../parts/use-change.ts';
import { FieldForm } from './FieldForm.tsx';

type FlowsOf = ReadonlyMap<string, { id: string; name: string }[]> | undefined;

interface FieldPanelProps {
  id: string;
  /** undefined: it is not read yet. */
  flowsOf: FlowsOf;
  close(): void;
}

/** One field: what it is, which flows have it; one's own can be changed and removed. */
export function FieldPanel({ id, flowsOf, close }: FieldPanelProps) {
  const { data: fields } = useQuery(fieldsQuery);
  const [isChanging, setChanging] = useState(false);
  const field = fields?.find((each) => each.id === id);
  const show = () => setChanging(false);
  if (field && isChanging) return <FieldForm before={field} close={show} done={show} />;
  return (
    <SidePanel title="Field" name={field?.name} close={close}>
      {fields && field === undefined && <Text>No field has the parameter in the address.</Text>}
      {field && <Details {...{ field, flowsOf, close }} change={() => setChanging(true)} />}
    </SidePanel>
  );
}

const EXAMPLES_MAX = 5;

function Details(given: { field: Field; flowsOf: FlowsOf; close(): void; change(): void }) {
  const { field, flowsOf, close, change } = given;
  const mayWrite = useMay('fields.write');
  const { id, type, description, standard, masked, deprecated, see, examples = [] } = field;
  const flows = flowsOf?.get(id) ?? [];
  return (
    <Stack gap="lg">
      <div>
        <Code>{id}</Code>
      </div>
      {description !== undefined && description !== '' && <Text>{description}</Text>}
      {deprecated && <Text>Deprecated{see === undefined ? '' : `: use ${see} instead`}.</Text>}
      <Facts
        facts={[
          ['Type', type.replaceAll('_', ' ')],
          ['Kind', standard ? 'Standard' : 'Own'],
          ['Masked', masked ? 'Yes' : 'No'],
        ]}
      />
      {examples.length > 0 && (
        <Stack gap={4}>
          <Title order={3}>Examples</Title>
          {examples.slice(0, EXAMPLES_MAX).map((example) => (
            <ShownValue key={JSON.stringify(example)} value={example} />
          ))}
        </Stack>
      )}
      <Stack gap={4}>
        <Title order={3}>Flows with this field</Title>
        {flowsOf === undefined ? null : <FlowLinks flows={flows} nothing="No flow has it among its fields." />}
      </Stack>
      {standard && (
        <Text size="sm" c="dimmed">
          Standard fields cannot be changed or removed.
        </Text>
      )}
      {!standard && mayWrite && (
        <Stack gap="sm" align="flex-start">
          <Group>
            <Button variant="default" onClick={change}>
              Change field
            </Button>
          </Group>
          <RemoveField id={id} flows={flows} close={close} />
        </Stack>
      )}
    </Stack>
  );
}

function RemoveField({ id, flows, close }: { id: string; flows: readonly { name: string }[]; close(): void }) {
  const remove = useChange({
    run: () => api.removeField(id),
    keys: [fieldsQuery.queryKey],
    said: 'The field was removed',
    done: close,
  });
  return (
    <AskFirst
      button="Remove…"
      title="Remove this field?"
      verb="Remove field"
      run={() => remove.mutate()}
      isRunning={remove.isPending}
      error={remove.error}
    >
      {describeRemoval(flows)}
    </AskFirst>
  );
}

const NAMED_MAX = 5;

/** What becomes of the flows that have the field. */
function describeRemoval(flows: readonly { name: string }[]): string {
  const [first] = flows;
  if (first === undefined) return 'No flow has it. Leads that have come keep its values.';
  const until = 'cannot be published again until the field is taken out.';
  if (flows.length === 1) return `One flow has it: ${first.name}. It runs on, but ${until}`;
  const names = flows.slice(0, NAMED_MAX).map(({ name }) => name);
  const more = flows.length > names.length ? ` and ${flows.length - names.length} more` : '';
  return `${flows.length} flows have it: ${names.join(', ')}${more}. They run on, but ${until}`;
}
