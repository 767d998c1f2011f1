import { Button, Group, Modal, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { useDraft } from '../../editor/draft/use-draft.ts';
import { More } from '../../editor/sentence/More.tsx';
import { announce } from '../../parts/announce.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { DestinationsPart } from './DestinationsPart.tsx';
import classes from './edit.module.css';
import { FirehoseSettings } from './FirehoseSettings.tsx';
import { JsonPart } from './JsonPart.tsx';
import { NumberPart } from './NumberPart.tsx';
import { SwitchPart } from './SwitchPart.tsx';
import { TextPart } from './TextPart.tsx';
import { useEdit } from './use-edit.ts';
import { usePart } from './use-part.ts';

/** Seconds; as the schema of flows has it. */
const PING_LIFE_MAX = 86_400;

/** What the flow is called, whether it takes leads and pings, and where its events are copied to. */
export function SettingsPart() {
  const { isReadOnly } = useEdit();
  return (
    <section aria-labelledby="settings" className={classes['form']}>
      <Title order={2} id="settings" mb="md">
        Settings
      </Title>
      <Stack gap="lg">
        <TextPart
          path="name"
          label="Name"
          description="For people, and the variable flow.name."
          isRequired
          charactersMax={200}
        />
        <EnabledPart />
        <PingSettings />
        <DestinationsPart />
        <FirehoseSettings />
        <More word="The whole flow as JSON">
          <JsonPart path="" label="Flow" rows={24} />
        </More>
        {!isReadOnly && <DiscardDraft />}
        {!isReadOnly && <DeleteFlow />}
      </Stack>
    </section>
  );
}

/** Required by the document, so that it is never left out. */
function EnabledPart() {
  return (
    <SwitchPart
      {...{ path: 'enabled', label: 'Takes leads', isKept: true, usual: false }}
      description="Switched off, every lead ends as an error with the reason “Flow is disabled”."
    />
  );
}

function PingSettings() {
  const { value: isOn } = usePart<boolean>('ping_enabled');
  return (
    <>
      <SwitchPart
        {...{ path: 'ping_enabled', label: 'Answers pings', usual: false }}
        description="Who sends leads may ask for the price first, at /ping in the place of /submit."
      />
      {isOn && (
        <NumberPart
          {...{
            path: 'ping_life_seconds',
            label: 'A ping’s price holds for seconds',
            min: 1,
            max: PING_LIFE_MAX,
            isWhole: true,
          }}
          description="How long a post may have the price of its ping."
          placeholder="300"
        />
      )}
    </>
  );
}

/** Nobody gets it back, so it is asked. */
function DiscardDraft() {
  const draft = useDraft();
  const { confirm } = useEdit();
  const [fault, setFault] = useState<string | null>(null);
  if (draft.version === null) return null;
  const discard = () =>
    draft.discard().then(
      () => announce('Discarded the draft'),
      (error: unknown) => setFault(describeError(error).text),
    );
  return (
    <section aria-labelledby="discard">
      <Title order={3} id="discard" mb="xs">
        Draft
      </Title>
      {fault !== null && <FaultAlert>{fault}</FaultAlert>}
      <Button
        variant="default"
        onClick={() =>
          confirm({
            title: 'Discard the draft?',
            sentences: [
              'All changes of the draft go, for everybody who edits it, and cannot be brought back.',
              `The editor then shows the flow as it is saved, revision ${draft.savedRevision}.`,
            ],
            verb: 'Discard draft',
            act: () => void discard(),
          })
        }
      >
        Discard draft…
      </Button>
    </section>
  );
}

function DeleteFlow() {
  const { flowId } = useEdit();
  const { document } = useDraft();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const remove = useMutation({
    mutationFn: () => api.removeFlow(flowId),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['flows'] });
      announce(`Deleted ${document.name}`);
      await navigate({ to: '/flows', search: {} });
    },
  });
  const close = () => setOpen(false);
  return (
    <section aria-labelledby="delete">
      <Title order={3} id="delete" mb="xs">
        Delete the flow
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        Who sends leads to it gets the status 404 from then on. Leads that came are kept.
      </Text>
      <Button variant="default" onClick={() => setOpen(true)}>
        Delete flow…
      </Button>
      <Modal opened={isOpen} onClose={close} title="Delete the flow" centered transitionProps={{ duration: 0 }}>
        <Stack data-own-undo>
          <Text className={classes['long'] ?? ''}>
            <b>
              <bdi>{document.name}</bdi>
            </b>{' '}
            takes no leads any more, and its draft goes. To switch it off for some time, switch off “Takes leads”
            instead.
          </Text>
          <TextInput
            label="Type the name of the flow"
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            data-autofocus
          />
          {remove.error && <FaultAlert>{describeError(remove.error).text}</FaultAlert>}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button
              disabled={typed.trim() !== document.name.trim()}
              loading={remove.isPending}
              onClick={() => remove.mutate()}
            >
              Delete flow
            </Button>
          </Group>
        </Stack>
      </Modal>
    </section>
  );
}
