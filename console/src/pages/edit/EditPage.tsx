import { Button, Group, Modal, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { getRouteApi, Link, Outlet, useParams } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { SluiceError } from '../../../../client/src/client.ts';
import { useMay } from '../../api/use-session.ts';
import { DraftProvider } from '../../editor/draft/DraftProvider.tsx';
import { useDraftStore, useDraftValue } from '../../editor/draft/use-draft.ts';
import { Delayed } from '../../parts/Delayed.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { FlowNav } from '../../parts/FlowNav.tsx';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { Toast } from '../../parts/Toast.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { DraftBar } from './DraftBar.tsx';
import classes from './edit.module.css';
import { EDIT_PARTS, type EditPart } from './edit-places.ts';
import { type FaultIndex, indexFaults } from './fault-index.ts';
import { PartGuard } from './PartGuard.tsx';
import { PartNav } from './PartNav.tsx';
import { PartPage } from './PartPage.tsx';
import { readEditPart } from './read-edit-search.ts';
import { SidePanel } from './SidePanel.tsx';
import { EditContext, type EditTools, type Question } from './use-edit.ts';

const route = getRouteApi('/signed-in/draft/flows/$flowId/edit/$part');

/** Above the editor and its neighbours: they share one draft. */
export function DraftPages() {
  const { flowId = '' } = useParams({ strict: false });
  const mayRead = useMay('flows.read');
  if (!mayRead)
    return (
      <Stack>
        <Title order={1}>Flow</Title>
        <NoPermission what="flows" permission="flows.read" />
      </Stack>
    );
  return (
    <DraftProvider flowId={flowId} fallback={(given) => <NoDraft {...given} flowId={flowId} />}>
      <Outlet />
    </DraftProvider>
  );
}

function NoDraft({ error, retry, flowId }: { error: Error | null; retry: () => void; flowId: string }) {
  useTitle('Flow', 'Flows');
  if (error instanceof SluiceError && (error.status === 404 || error.status === 400))
    return (
      <Stack align="flex-start" gap="sm" maw={640}>
        <Title order={1}>There is no such flow</Title>
        <Text className={classes['long'] ?? ''}>
          No flow of this account has the id <code>{flowId.slice(0, 40)}</code>. It was removed, or the id is mistyped.
        </Text>
        <Button variant="default" renderRoot={(props) => <Link {...props} to="/flows" />}>
          Find a flow
        </Button>
      </Stack>
    );
  return (
    <Stack gap="md" aria-busy={error === null}>
      <Title order={1}>Flow</Title>
      {error === null ? (
        <Delayed>
          <Skeleton h={48} />
          <Skeleton h={320} />
        </Delayed>
      ) : (
        <ErrorState error={error} reset={retry} />
      )}
    </Stack>
  );
}

/** The flow editor: the bar of the draft, a page for each part, and a panel at the side for one thing of it. */
export function EditPage() {
  const { part: text } = route.useParams();
  const part = readEditPart(text);
  const name = useDraftValue(({ document }) => document.name);
  const label = EDIT_PARTS.find((each) => each.part === part)?.label ?? 'Edit';
  useTitle(label, name || 'Flow', 'Flows');
  return part === null ? <NoPart /> : <Editor part={part} label={label} />;
}

/** What is shown as JSON when a page cannot be shown. */
const PROPERTY_OF: Readonly<Record<EditPart, string>> = {
  ...{ sources: 'sources', steps: 'steps', fields: 'fields', rules: 'acceptance_criteria', pricing: 'pricing' },
  ...{ caps: 'caps', hours: 'hours_of_operation', checks: 'list_checks', settings: '' },
};

function NoPart() {
  const { flowId } = route.useParams();
  return (
    <Stack align="flex-start">
      <Title order={1}>The editor has no such page</Title>
      <Button
        variant="default"
        renderRoot={(props) => (
          <Link {...props} to="/flows/$flowId/edit/$part" params={{ flowId, part: 'sources' }} search={{}} />
        )}
      >
        Edit the sources
      </Button>
    </Stack>
  );
}

function Editor({ part, label }: { part: EditPart; label: string }) {
  const { panel } = route.useSearch();
  const [question, setQuestion] = useState<Question | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const tools = useTools({ ask: setQuestion, tell: setDone });
  const faults = useFaultIndex();
  return (
    <EditContext value={tools}>
      <FlowNav flowId={tools.flowId} />
      <DraftBar part={part} />
      <div className={classes['frame']}>
        <PartNav part={part} faults={faults} />
        <div className={classes['page']}>
          <PartGuard key={part} path={PROPERTY_OF[part]} label={label}>
            <PartPage part={part} faults={faults} />
          </PartGuard>
        </div>
      </div>
      <SidePanel panel={panel ?? null} faults={faults} />
      <Confirm question={question} close={() => setQuestion(null)} />
      {done !== null && (
        <Toast close={() => setDone(null)}>
          {done}{' '}
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => {
              tools.undo();
              setDone(null);
            }}
          >
            Undo
          </Button>
        </Toast>
      )}
    </EditContext>
  );
}

function useTools({ ask, tell }: { ask: (question: Question) => void; tell: (sentence: string) => void }): EditTools {
  const store = useDraftStore();
  const navigate = route.useNavigate();
  const { flowId, part } = route.useParams();
  const isReadOnly = !useMay('flows.write');
  const current = useRef({ navigate, flowId, part, ask, tell });
  current.current = { navigate, flowId, part, ask, tell };
  // Inside of a text, too: each letter of it is in the draft already. A text that is not, keeps the browser's own undo.
  useHotkeys(
    [
      ['mod+Z', (event) => !hasOwnUndo(event.target) && store.undo()],
      ['mod+shift+Z', (event) => !hasOwnUndo(event.target) && store.redo()],
      ['mod+Y', (event) => !hasOwnUndo(event.target) && store.redo()],
    ],
    [],
  );
  return useMemo(
    () => ({
      ...{ flowId, isReadOnly },
      ...{ change: store.change, undo: store.undo },
      openPanel: (panel) =>
        void current.current.navigate({ search: panel === null ? {} : { panel }, resetScroll: false }),
      hrefOf: (panel) => `/app/flows/${flowId}/edit/${current.current.part}?panel=${panel}`,
      confirm: (question) => current.current.ask(question),
      tellDone: (sentence) => current.current.tell(sentence),
    }),
    [flowId, isReadOnly, store],
  );
}

function hasOwnUndo(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-own-undo]') !== null;
}

function useFaultIndex(): FaultIndex {
  const faults = useDraftValue(({ server }) => server.faults);
  const before = useRef<FaultIndex | undefined>(undefined);
  return useMemo(() => {
    before.current = indexFaults(faults, before.current);
    return before.current;
  }, [faults]);
}

function Confirm({ question, close }: { question: Question | null; close: () => void }) {
  return (
    <Modal
      opened={question !== null}
      onClose={close}
      title={question?.title}
      centered
      transitionProps={{ duration: 0 }}
    >
      {question && (
        <Stack>
          {question.sentences.map((sentence) => (
            <Text key={sentence} className={classes['long'] ?? ''}>
              {sentence}
            </Text>
          ))}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button
              onClick={() => {
                question.act();
                close();
              }}
            >
              {question.verb}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
