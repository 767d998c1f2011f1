import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { FlowDocument } from '../../../../src/model/flow.ts';
import { savedFlowQuery } from '../../api/drafts.ts';
import type { FlowFacts } from '../../api/flows.ts';
import { nameActor, revisionQuery } from '../../api/revisions.ts';
import { toPlainDocument } from '../../editor/changes/plain-document.ts';
import { ConflictView } from '../../editor/conflict/ConflictView.tsx';
import { fillHidden } from '../../editor/conflict/fill-hidden.ts';
import type { DraftConflict as Conflict } from '../../editor/draft/draft-store.ts';
import type { UsedDraft } from '../../editor/draft/use-draft.ts';
import { announce } from '../../parts/announce.ts';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';

/** Somebody else saved the draft while this person changed it, too. */
export function DraftConflict({ draft, conflict }: { draft: UsedDraft; conflict: Conflict }) {
  const { base, theirs } = conflict;
  const { document, resolve } = draft;
  const states = useMemo(
    () => ({ base: toPlainDocument(base), mine: toPlainDocument(document), theirs: toPlainDocument(theirs.document) }),
    [base, document, theirs],
  );
  const who = theirs.user ?? 'Somebody else';
  return (
    <Stack gap="md">
      <Head
        title="Merge two drafts"
        text={`${who} saved this draft while you changed it. Choose part by part what stays; leads run on it once you publish.`}
      />
      <ConflictView
        states={states}
        names={{ base: 'Before both', mine: 'Yours', theirs: theirs.user === null ? 'Theirs' : `${theirs.user}’s` }}
        done={(merged, what) => {
          // The merge of two drafts has their shape.
          resolve(merged as FlowDocument, what);
          announce('The merged draft is kept');
        }}
      />
    </Stack>
  );
}

/** The flow itself was saved after the draft began. */
export function RevisionConflict({ flow, draft }: { flow: FlowFacts; draft: UsedDraft }) {
  const { baseRevision, savedRevision, document, rebase } = draft;
  const base = useQuery(revisionQuery(flow.id, baseRevision));
  const saved = useQuery(revisionQuery(flow.id, savedRevision));
  const theirs = useQuery(savedFlowQuery(flow.id));
  const states = useMemo(() => {
    if (!base.data || !theirs.data) return null;
    const [mine, saved] = [toPlainDocument(document), toPlainDocument(theirs.data)];
    return { base: fillHidden(toPlainDocument(base.data.document), mine, saved), mine, theirs: saved };
  }, [base.data, theirs.data, document]);
  const error = base.error ?? theirs.error;
  const who = saved.data ? nameActor(saved.data.user) : 'Somebody';
  return (
    <Stack gap="md">
      <Head
        title={`Merge the draft with revision ${savedRevision}`}
        text={`The draft began with revision ${baseRevision}. Since then ${who} saved revision ${savedRevision}. Choose part by part what stays; leads run on it once you publish.`}
      />
      {error && <ErrorState error={error} reset={() => void Promise.all([base.refetch(), theirs.refetch()])} />}
      {!error && states === null && <TableSkeleton rows={6} />}
      {states !== null && (
        <ConflictView
          states={states}
          names={{ base: `Revision ${baseRevision}`, mine: 'The draft', theirs: `Revision ${savedRevision}` }}
          done={(merged) => {
            // The merge of two flows has their shape.
            rebase(merged as FlowDocument, savedRevision);
            announce('The merged draft is kept');
          }}
        />
      )}
    </Stack>
  );
}

function Head({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <Title order={1}>{title}</Title>
      <Text c="dimmed" size="sm" maw="75ch">
        <bdi>{text}</bdi>
      </Text>
    </div>
  );
}
