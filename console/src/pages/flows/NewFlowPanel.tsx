import { Button, FileButton, Group, List, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { SluiceError } from '../../../../client/src/client.ts';
import type { FlowFacts } from '../../api/flows.ts';
import { announce } from '../../parts/announce.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { SidePanel } from '../../parts/FormPanel.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { createEmptyFlow, duplicateFlow, importFlow } from './new-flow.ts';
import type { NewFlowKind } from './read-flow-filter.ts';

/** A flow document is at most as large; a larger file is none. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;
const NAME_CHARACTERS_MAX = 200;

const TITLES = { empty: 'New flow', import: 'Import a flow', copy: 'Duplicate a flow' } as const;

interface NewFlowPanelProps {
  /** null: it is closed. */
  kind: NewFlowKind | null;
  flows: readonly FlowFacts[];
  close: () => void;
}

/** Makes a flow, which is then edited; leads come to it once it is published. */
export function NewFlowPanel({ kind, flows, close }: NewFlowPanelProps) {
  const original = kind?.copyOf === undefined ? undefined : flows.find(({ id }) => id === kind.copyOf);
  const title = kind === null ? '' : kind.copyOf !== undefined ? TITLES.copy : TITLES[kind.from];
  return (
    <SidePanel title={title} size="lg" opened={kind !== null} close={close}>
      {kind?.copyOf !== undefined &&
        (original ? (
          <Duplicate original={original} />
        ) : (
          <Text>No flow of this account has the id in the address.</Text>
        ))}
      {kind !== null && kind.copyOf === undefined && kind.from === 'empty' && <Empty />}
      {kind !== null && kind.copyOf === undefined && kind.from === 'import' && <Import flows={flows} />}
    </SidePanel>
  );
}

/** Makes the flow and goes to its editor. */
function useMaking(make: () => Promise<{ id: string }>) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: make,
    onSuccess: async ({ id }) => {
      void queries.invalidateQueries({ queryKey: ['flows'] });
      void queries.invalidateQueries({ queryKey: ['flow-names'] });
      announce('The flow was made');
      await navigate({ to: '/flows/$flowId/edit/$part', params: { flowId: id, part: 'sources' }, search: {} });
    },
  });
}

interface MakingFormProps {
  making: { mutate(): void; isPending: boolean; error: Error | null };
  verb: string;
  isReady: boolean;
  children: ReactNode;
  more?: ReactNode;
}

function MakingForm({ making, verb, isReady, children, more }: MakingFormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) making.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {children}
        {making.error && <MakingFault error={making.error} />}
        <Group gap="sm">
          <Button type="submit" disabled={!isReady} loading={making.isPending}>
            {verb}
          </Button>
          {more}
        </Group>
      </Stack>
    </form>
  );
}

function NameField({ name, change }: { name: string; change: (name: string) => void }) {
  return (
    <TextInput
      label="Name"
      description="For people, and the variable flow.name."
      value={name}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      maxLength={NAME_CHARACTERS_MAX}
      required
      data-autofocus
    />
  );
}

function Empty() {
  const [name, setName] = useState('');
  const making = useMaking(() => createEmptyFlow(name));
  return (
    <MakingForm making={making} verb="Create flow" isReady={name.trim() !== ''}>
      <NameField name={name} change={setName} />
      <Text size="sm" c="dimmed">
        It begins without sources and steps, and keeps names, e-mail, phone, state and postal code. No lead comes to it
        before you publish it.
      </Text>
    </MakingForm>
  );
}

function Duplicate({ original }: { original: FlowFacts }) {
  const [name, setName] = useState(`${original.name} copy`.slice(0, NAME_CHARACTERS_MAX));
  const making = useMaking(() => duplicateFlow(original.id, name));
  return (
    <MakingForm making={making} verb="Duplicate flow" isReady={name.trim() !== ''}>
      <NameField name={name} change={setName} />
      <Text size="sm" c="dimmed">
        A copy of <bdi>{original.name}</bdi> as it is edited, with its draft. Its sources are the same senders with
        other submit URLs, and its caps count by themselves. No lead comes to it before you publish it.
      </Text>
    </MakingForm>
  );
}

function Import({ flows }: { flows: readonly FlowFacts[] }) {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const making = useMaking(() => importFlow(text, new Set(flows.map(({ id }) => id))));
  const read = async (file: File | null) => {
    if (file === null) return;
    if (file.size > FILE_BYTES_MAX) return setFault('The file is larger than a flow may be (4 MiB).');
    setFault(null);
    setText(await file.text());
  };
  return (
    <MakingForm
      making={making}
      verb="Import flow"
      isReady={text.trim() !== ''}
      more={
        <FileButton accept="application/json,.json" onChange={(file) => void read(file)}>
          {(props) => (
            <Button variant="default" {...props}>
              Choose a file
            </Button>
          )}
        </FileButton>
      }
    >
      <Textarea
        label="Flow as JSON"
        description="As GET /flows/{id} of a Sluice or of a LeadConduit returns it. It is saved, and takes no lead before you publish it."
        styles={{ input: { fontFamily: 'var(--font-mono)', fontSize: 13 } }}
        rows={14}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        error={fault}
        spellCheck={false}
        data-autofocus
      />
    </MakingForm>
  );
}

/** Each problem with its place in the document. */
function MakingFault({ error }: { error: Error }) {
  const details = error instanceof SluiceError ? error.details : [];
  return (
    <FaultAlert title={details.length > 0 ? error.message : describeError(error).text}>
      {details.length > 0 && (
        <List spacing="xs">
          {details.map(({ path, message }) => (
            <List.Item key={`${path} ${message}`}>
              <code>{path}</code>: <Sentence text={message} />
            </List.Item>
          ))}
        </List>
      )}
    </FaultAlert>
  );
}
