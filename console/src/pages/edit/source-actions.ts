import { useMemo } from 'react';
import type { FlowDocument } from '../../../../src/model/flow.ts';
import { useDraftStore } from '../../editor/draft/use-draft.ts';
import { announce } from '../../parts/announce.ts';
import { duplicateMember, moveMember, removeMember, switchMember } from './change-steps.ts';
import { makeId } from './new-id.ts';
import { useEdit } from './use-edit.ts';

/** What can be done with a source in the matrix. The same object while the flow is edited. */
export interface SourceActions {
  move(from: number, to: number): void;
  /** As another sender, with a submit URL of its own. */
  duplicate(index: number): void;
  toggle(index: number): void;
  /** Asks first: who sends there is refused. */
  remove(index: number): void;
}

export function useSourceActions(): SourceActions {
  const store = useDraftStore();
  const tools = useEdit();
  return useMemo<SourceActions>(() => {
    const nameAt = (index: number) => store.read().document.sources[index]?.entity?.name ?? `source ${index + 1}`;
    const change = (edit: (document: FlowDocument) => FlowDocument, what: string) => {
      store.change(edit, what);
      announce(what);
    };
    return {
      move: (from, to) =>
        change(
          (document) => moveMember(document, { list: 'sources', from, to }),
          `Moved ${nameAt(from)} to place ${to + 1}`,
        ),
      duplicate: (index) => {
        const what = `Duplicated ${nameAt(index)}`;
        change((document) => duplicateMember(document, { list: 'sources', index, makeId }), what);
        tools.openPanel(`sources.${index + 1}`);
      },
      toggle: (index) => {
        const isOn = store.read().document.sources[index]?.enabled === false;
        change(
          (document) => switchMember(document, { path: `sources.${index}`, isOn }),
          `Switched ${nameAt(index)} ${isOn ? 'on' : 'off'}`,
        );
      },
      remove: (index) => {
        const what = `Removed ${nameAt(index)}`;
        tools.confirm({
          title: `Remove ${nameAt(index)}?`,
          sentences: [
            'Once this is published, leads sent to its submit URL are answered 404, and its posting pages show nothing.',
            'Leads that came are kept. To stop it for some time, switch it off instead.',
          ],
          verb: 'Remove source',
          act: () => {
            change((document) => removeMember(document, { list: 'sources', index }), what);
            tools.tellDone(`${what}.`);
          },
        });
      },
    };
  }, [store, tools]);
}
