import { useCallback } from 'react';
import { readPath, writePath } from '../../editor/draft/document-path.ts';
import { useDraftStore, useDraftValue } from '../../editor/draft/use-draft.ts';
import type { PartProps } from '../../editor/part-props.ts';
import { selectFaults } from './fault-index.ts';
import { useEdit } from './use-edit.ts';
import { useNames } from './use-names.ts';

/** The props of the part of the editor that shows what stands at `path` of the draft. */
export function usePart<Value>(path: string): PartProps<Value> {
  const { flowId, isReadOnly } = useEdit();
  const store = useDraftStore(flowId);
  const document = useDraftValue((snapshot) => snapshot.document);
  const faults = useDraftValue(({ server }) => server.faults);
  const names = useNames(flowId, document);
  const change = useCallback(
    (next: Value | undefined, what: string) => store.change((before) => writePath(before, path, next), what),
    [store, path],
  );
  // What a property has is judged by the server; each part shows what it cannot read as it is.
  const value = (readPath(document, path) ?? undefined) as Value | undefined;
  return { value, change, path, faults: selectFaults(faults, path), names, isReadOnly };
}
