import { Button, Group, Popover, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../api/use-session.ts';
import { type UsedDraft, useDraft } from '../../editor/draft/use-draft.ts';
import type { Fault } from '../../editor/part-props.ts';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { FlowBadge } from '../../parts/FlowBadge.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import classes from './edit.module.css';
import { type EditPart, findPlace, namePlace } from './edit-places.ts';
import { SavedMark } from './SavedMark.tsx';
import { countOf } from './summaries.ts';
import { useEdit } from './use-edit.ts';

/** What is edited, how it differs from what is live, and what can be done with it as a whole. It stays while the page scrolls. */
export function DraftBar({ part }: { part: EditPart }) {
  const { flowId, isReadOnly } = useEdit();
  const draft = useDraft();
  const { document, deployedRevision } = draft;
  return (
    <header className={classes['bar']} data-draft-bar>
      <div className={classes['title']}>
        <Title order={1} className={classes['name'] ?? ''} title={document.name}>
          <bdi>{document.name || 'Flow without a name'}</bdi>
        </Title>
        <FlowBadge state={deployedRevision === null ? 'test' : document.enabled ? 'live' : 'off'} />
        <span className={classes['differs']}>{describeDifference(draft)}</span>
      </div>
      <div className={classes['tools']}>
        <SavedMark state={draft.state} problem={draft.problem} isSaid />
        <FaultList faults={draft.faults} draft={draft} part={part} />
        {!isReadOnly && <UndoButtons draft={draft} />}
        <Button component={Link} to={`/flows/${flowId}/test`} variant="default">
          Test
        </Button>
        {!isReadOnly && <PublishButton flowId={flowId} draft={draft} />}
      </div>
      {draft.state === 'conflict' && <ConflictNotice draft={draft} />}
      {draft.state === 'offline' && <FaultAlert title="Your changes are not saved yet">{draft.problem}</FaultAlert>}
    </header>
  );
}

/** Of the draft and what runs. */
function describeDifference({ deployedRevision, savedRevision, version, changeCount, state }: UsedDraft): string {
  if (deployedRevision === null) return version === null ? 'Nothing runs yet' : 'Draft, nothing runs yet';
  if (version !== null && changeCount > 0)
    return `Draft differs from what is published: ${countOf(changeCount, 'change')}`;
  if (savedRevision !== deployedRevision) return `Saved revision ${savedRevision} is not published`;
  return state === 'saving' ? 'Draft' : 'Same as published';
}

/** Faults that a list shows; the others are in their places. */
const SHOWN_MAX = 50;

function FaultList({ faults, draft, part }: { faults: readonly Fault[]; draft: UsedDraft; part: EditPart }) {
  const [isOpen, setOpen] = useState(false);
  if (faults.length === 0) return null;
  const errors = faults.filter(({ level }) => level === 'error').length;
  const words = [
    errors > 0 && countOf(errors, 'error'),
    errors < faults.length && countOf(faults.length - errors, 'warning'),
  ];
  return (
    <Popover opened={isOpen} onChange={setOpen} width={420} position="bottom-end" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconAlertTriangle size={16} aria-hidden color="var(--error)" />}
          onClick={() => setOpen(!isOpen)}
          aria-expanded={isOpen}
        >
          {words.filter(Boolean).join(', ')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="What is wrong with the draft">
        <ul className={classes['faults']}>
          {faults.slice(0, SHOWN_MAX).map((fault) => (
            <li key={`${fault.path} ${fault.message}`}>
              <FaultLink fault={fault} draft={draft} part={part} close={() => setOpen(false)} />
            </li>
          ))}
        </ul>
        {faults.length > SHOWN_MAX && <Text size="sm">{faults.length - SHOWN_MAX} more are beside their places.</Text>}
      </Popover.Dropdown>
    </Popover>
  );
}

function FaultLink(given: { fault: Fault; draft: UsedDraft; part: EditPart; close: () => void }) {
  const { fault, draft, close } = given;
  const { flowId } = useEdit();
  const { part, panel } = findPlace(fault.path);
  return (
    <>
      <Link
        to="/flows/$flowId/edit/$part"
        params={{ flowId, part }}
        search={panel === null ? {} : { panel }}
        onClick={close}
        className={classes['faultPlace'] ?? ''}
      >
        <bdi>{namePlace(draft.document, fault.path)}</bdi>
      </Link>
      <Text size="sm">
        {fault.level === 'error' ? 'Error: ' : 'Warning: '}
        <Sentence text={fault.message} />
      </Text>
    </>
  );
}

function UndoButtons({ draft }: { draft: UsedDraft }) {
  return (
    <Group gap={4} wrap="nowrap" data-tools>
      <Button
        variant="default"
        leftSection={<IconArrowBackUp size={16} aria-hidden />}
        disabled={!draft.canUndo}
        onClick={draft.undo}
        aria-keyshortcuts="Control+Z"
      >
        Undo
      </Button>
      <Button
        variant="default"
        leftSection={<IconArrowForwardUp size={16} aria-hidden />}
        disabled={!draft.canRedo}
        onClick={draft.redo}
        aria-keyshortcuts="Control+Shift+Z"
      >
        Redo
      </Button>
    </Group>
  );
}

function PublishButton({ flowId, draft }: { flowId: string; draft: UsedDraft }) {
  const mayDeploy = useMay('flows.deploy');
  const { version, changeCount, savedRevision, deployedRevision } = draft;
  const word =
    version !== null && changeCount > 0
      ? `Publish ${countOf(changeCount, 'change')}`
      : savedRevision !== deployedRevision
        ? `Publish revision ${savedRevision}`
        : null;
  if (word === null) return null;
  return (
    <Button component={Link} to={`/flows/${flowId}/publish`} variant={mayDeploy ? 'filled' : 'default'}>
      {mayDeploy ? word : `Review ${countOf(changeCount, 'change')}`}
    </Button>
  );
}

/** Both drafts are kept until somebody chooses. */
function ConflictNotice({ draft }: { draft: UsedDraft }) {
  const { flowId } = useEdit();
  const who = draft.conflict?.theirs.user ?? 'Somebody else';
  return (
    <FaultAlert title={`${who} changed this draft while you did`}>
      <Group gap="sm" justify="space-between">
        <Text size="sm">Your changes are kept on this page and not saved. Choose what stays of both.</Text>
        <Button component={Link} to={`/flows/${flowId}/publish`} size="compact-sm">
          Compare both
        </Button>
      </Group>
    </FaultAlert>
  );
}
