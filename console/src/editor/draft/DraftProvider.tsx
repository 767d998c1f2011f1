import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import type { FlowDocument } from '../../../../src/model/flow.ts';
import { useMay } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { buildMerged, listMergeParts, listOpenParts } from '../conflict/merge-documents.ts';
import { draftApiOf, readServerDraft } from './draft-api.ts';
import { createDraftStore, type DraftStore, type DraftTools, type ServerDraft } from './draft-store.ts';
import { DraftContext } from './use-draft.ts';

/** Between two looks for what others have changed, while this page has nothing to save. */
const LOOK_MS = 30_000;

interface DraftProviderProps {
  flowId: string;
  /** Until the draft is there, and when it cannot be read. */
  fallback: (given: { error: Error | null; retry: () => void }) => ReactNode;
  children: ReactNode;
}

/** Gives the pages of a flow its draft: one store for all of them, so that undo goes on from page to page. */
export function DraftProvider({ flowId, fallback, children }: DraftProviderProps) {
  // A store begins with what the server has now, not with what was read before.
  const { data, error, refetch } = useQuery({
    queryKey: ['draft', flowId],
    queryFn: () => readServerDraft(flowId),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  if (data === undefined) return fallback({ error, retry: () => void refetch() });
  return (
    <Loaded key={flowId} flowId={flowId} first={data}>
      {children}
    </Loaded>
  );
}

function Loaded({ flowId, first, children }: { flowId: string; first: ServerDraft; children: ReactNode }) {
  const isReadOnly = !useMay('flows.write');
  const [given] = useState(() => ({ flowId, store: createDraftStore(first, { tools: toolsOf(flowId), isReadOnly }) }));
  useGuard(given.store);
  return <DraftContext value={given}>{children}</DraftContext>;
}

/** Saves and warns when the page is left, and looks for what others did. */
function useGuard(store: DraftStore): void {
  useEffect(() => {
    const leave = () => store.leave();
    const warn = (event: BeforeUnloadEvent) => {
      if (store.read().isDirty) event.preventDefault();
    };
    const look = () => {
      // What cannot be read now is read by the next look; a save says when the server is away.
      if (document.visibilityState === 'visible') void store.reload().catch(() => undefined);
    };
    const goOn = () => void store.flush();
    const looking = setInterval(look, LOOK_MS);
    window.addEventListener('pagehide', leave);
    window.addEventListener('beforeunload', warn);
    window.addEventListener('online', goOn);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(looking);
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('beforeunload', warn);
      window.removeEventListener('online', goOn);
      document.removeEventListener('visibilitychange', look);
      void store.flush();
    };
  }, [store]);
}

function toolsOf(flowId: string): DraftTools {
  return {
    ...draftApiOf(flowId),
    setTimer: (act, ms) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
    now: () => Date.now(),
    announce,
    merge,
  };
}

function merge(states: { base: FlowDocument; mine: FlowDocument; theirs: FlowDocument }): FlowDocument | null {
  if (listOpenParts(listMergeParts(states), {}).length > 0) return null;
  // Of parts of two flows comes a flow.
  return buildMerged(states, {}) as FlowDocument;
}
