import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { copyRevisionToDraft, draftQuery, type FlowDraft } from '../../api/drafts.ts';
import { type FlowFacts, flowQuery } from '../../api/flows.ts';
import { nameActor } from '../../api/revisions.ts';
import { useMay } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { Time } from '../../parts/Time.tsx';

interface MakeDraftProps {
  flow: FlowFacts;
  revision: number;
  isCompact?: boolean;
  /** Instead of "Make it the draft". */
  word?: string;
  variant?: 'filled' | 'default';
  /** Runs once it is the draft, before the page where it is published. */
  made?: () => Promise<void>;
}

/** Makes an old revision the draft, and goes to where it is published. Leads are not touched before. */
export function MakeDraft({ flow, revision, isCompact = false, word, variant = 'default', made }: MakeDraftProps) {
  const mayWrite = useMay('flows.write');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [replaced, setReplaced] = useState<FlowDraft | null>(null);
  const make = useMutation({
    mutationFn: async (version: number | null) => {
      const { revision: saved } = await queries.fetchQuery({ ...flowQuery(flow.id), staleTime: 0 });
      await copyRevisionToDraft({ flowId: flow.id, baseRevision: saved, version }, revision);
    },
    onSuccess: async () => {
      announce(`Revision ${revision} is the draft`);
      await queries.invalidateQueries({ queryKey: ['flows', flow.id] });
      await made?.();
      await navigate({ to: `/flows/${flow.id}/publish` });
    },
  });
  const begin = useMutation({
    mutationFn: () => queries.fetchQuery({ ...draftQuery(flow.id), staleTime: 0 }),
    onSuccess: (draft) => {
      if (draft === null) make.mutate(null);
      else setReplaced(draft);
    },
  });
  if (!mayWrite) return null;
  const error = begin.error ?? make.error;
  return (
    <>
      <Button
        variant={variant}
        {...(isCompact && { size: 'compact-sm' })}
        aria-label={`${word ?? 'Make it the draft'}: revision ${revision}`}
        onClick={() => begin.mutate()}
        loading={begin.isPending || (make.isPending && replaced === null)}
      >
        {word ?? 'Make it the draft'}
      </Button>
      {error && replaced === null && <FaultAlert>{describeError(error).text}</FaultAlert>}
      <Modal opened={replaced !== null} onClose={() => setReplaced(null)} title="Replace the draft?" centered>
        {replaced && (
          <Stack>
            <Text>
              The draft of <bdi>{nameActor(replaced.user)}</bdi>, changed last <Time at={replaced.updated_at} />, is
              lost. Leads run on what is published as before.
            </Text>
            {error && <FaultAlert>{describeError(error).text}</FaultAlert>}
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setReplaced(null)}>
                Keep it
              </Button>
              <Button onClick={() => make.mutate(replaced.version)} loading={make.isPending}>
                Replace the draft
              </Button>
            </Group>
          </Stack>
        )}
      </Modal>
    </>
  );
}
