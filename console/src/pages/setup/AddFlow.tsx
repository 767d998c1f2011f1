import { Button, FileButton, Group, List, Select, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { SluiceError } from '../../../../client/src/client.ts';
import { useMay } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { flowsQuery, type SetupFlow, type SetupSource } from './flows.ts';
import { addFlow, SAMPLE_FLOW } from './import-flow.ts';

/** A flow document is at most as large; a larger file is none. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;

interface Chosen {
  flow: SetupFlow;
  source: SetupSource;
}

/** Which flow and source the first lead goes to, or how to get one. */
export function AddFlow({ flows, chosen }: { flows: readonly SetupFlow[]; chosen: Chosen | null }) {
  const [isImporting, { open, close }] = useDisclosure(false);
  const mayDeploy = useMay('flows.deploy');
  const ready = flows.filter(({ isDeployed, sources }) => isDeployed && sources.length > 0);
  return (
    <Stack gap="sm" align="flex-start">
      {chosen !== null && <ChooseSource flows={ready} chosen={chosen} />}
      {chosen === null && <Text c="dimmed">{explainNone(flows, mayDeploy)}</Text>}
      {mayDeploy && !isImporting && (
        <Group gap="sm">
          {chosen === null && <CreateSample />}
          <Button variant="default" size={chosen === null ? 'sm' : 'compact-sm'} onClick={open}>
            Import a flow
          </Button>
        </Group>
      )}
      {isImporting && <ImportFlow close={close} />}
    </Stack>
  );
}

function explainNone(flows: readonly SetupFlow[], mayDeploy: boolean): string {
  if (!mayDeploy)
    return 'There is no flow that runs yet, and your role may not publish one. Ask an owner or an editor.';
  if (flows.length > 0) return 'No flow runs yet: none is published and has a source.';
  return 'A flow says what happens to leads: from which sources they come, which are taken, and who gets them.';
}

function ChooseSource({ flows, chosen }: { flows: readonly SetupFlow[]; chosen: Chosen }) {
  const navigate = useNavigate();
  const { flow, source } = chosen;
  if (flows.length === 1 && flow.sources.length === 1)
    return (
      <Text c="dimmed">
        <b>{flow.name}</b> takes leads of <b>{source.name}</b>.
      </Text>
    );
  return (
    <Group gap="sm" align="flex-end">
      <Select
        label="Flow"
        data={flows.map(({ id, name }) => ({ value: id, label: name }))}
        value={flow.id}
        allowDeselect={false}
        searchable
        onChange={(id) => id !== null && navigate({ to: '/setup', search: { flow: id }, replace: true })}
      />
      <Select
        label="Source"
        data={flow.sources.map(({ id, name }) => ({ value: id, label: name }))}
        value={source.id}
        allowDeselect={false}
        searchable
        onChange={(id) =>
          id !== null && navigate({ to: '/setup', search: { flow: flow.id, source: id }, replace: true })
        }
      />
    </Group>
  );
}

/** Adds a flow, deploys it and chooses it. */
function useAddFlow(onAdded: () => void = () => undefined) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (text: string) => addFlow(text),
    onSuccess: async ({ id, name }) => {
      await queries.invalidateQueries({ queryKey: flowsQuery.queryKey });
      announce(`${name} runs`);
      onAdded();
      await navigate({ to: '/setup', search: { flow: id }, replace: true });
    },
    // A flow that was saved and could not be deployed is one more that does not run.
    onError: () => queries.invalidateQueries({ queryKey: flowsQuery.queryKey }),
  });
}

function CreateSample() {
  const add = useAddFlow();
  return (
    <>
      <Button loading={add.isPending} onClick={() => add.mutate(JSON.stringify(SAMPLE_FLOW))}>
        Create a sample flow
      </Button>
      {add.isError && <ImportFault error={add.error} />}
    </>
  );
}

function ImportFlow({ close }: { close(): void }) {
  const [text, setText] = useState('');
  const [tooLarge, setTooLarge] = useState(false);
  const add = useAddFlow(close);
  const faultId = useId();
  const read = async (file: File | null) => {
    if (file === null) return;
    setTooLarge(file.size > FILE_BYTES_MAX);
    if (file.size <= FILE_BYTES_MAX) setText(await file.text());
  };
  return (
    <Stack gap="sm" w="100%">
      <Textarea
        label="Flow as JSON"
        description="As GET /flows/{id} of a Sluice or of a LeadConduit returns it. It is published at once."
        styles={{ input: { fontFamily: 'var(--font-mono)' } }}
        rows={10}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        aria-describedby={add.isError ? faultId : undefined}
        spellCheck={false}
        autoFocus
      />
      {tooLarge && <Text c="var(--failure)">The file is larger than a flow may be (4 MiB).</Text>}
      {add.isError && (
        <div id={faultId}>
          <ImportFault error={add.error} />
        </div>
      )}
      <Group gap="sm">
        <Button disabled={text.trim() === ''} loading={add.isPending} onClick={() => add.mutate(text)}>
          Import and deploy
        </Button>
        <FileButton accept="application/json,.json" onChange={(file) => void read(file)}>
          {(props) => (
            <Button variant="default" {...props}>
              Choose a file
            </Button>
          )}
        </FileButton>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
      </Group>
    </Stack>
  );
}

/** Each problem with its place in the document. */
function ImportFault({ error }: { error: Error }) {
  const details = error instanceof SluiceError ? error.details : [];
  return (
    <FaultAlert title={error.message}>
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
