import { useMemo } from 'react';
import type { FlowDocument, Step } from '../../../../src/model/flow.ts';
import { useDraftStore } from '../../editor/draft/use-draft.ts';
import { announce } from '../../parts/announce.ts';
import { duplicateMember, insertMember, listAt, moveMember, removeMember, switchMember } from './change-steps.ts';
import { namePlace, nameStep } from './edit-places.ts';
import { makeId } from './new-id.ts';
import { countOf } from './summaries.ts';
import { useEdit } from './use-edit.ts';
import { findDependents } from './variable-uses.ts';

/** What can be done with a step in its list. The same object while the flow is edited. */
export interface StepActions {
  /** Before the step at `index`, else at the end; its panel opens. */
  add(kind: 'filter' | 'distribution', index?: number): void;
  move(from: number, to: number): void;
  duplicate(index: number): void;
  /** Asks first when other steps read what this one appends. */
  toggle(index: number, isOn: boolean): void;
  /** The same. */
  remove(index: number): void;
}

export function useStepActions(): StepActions {
  const store = useDraftStore();
  const tools = useEdit();
  return useMemo<StepActions>(() => {
    const nameAt = (index: number) => nameStepAt(store.read().document, index);
    const change = (edit: (document: FlowDocument) => FlowDocument, what: string) => {
      store.change(edit, what);
      announce(what);
    };
    return {
      add: (kind, index) => {
        const place = index ?? listAt(store.read().document, 'steps').length;
        change(
          (document) => insertMember(document, { list: 'steps', member: NEW[kind](), index: place }),
          `Added a ${kind}`,
        );
        tools.openPanel(kind === 'filter' ? `steps.${place}.rule_set` : `steps.${place}`);
      },
      move: (from, to) => {
        change(
          (document) => moveMember(document, { list: 'steps', from, to }),
          `Moved ${nameAt(from)} to place ${to + 1}`,
        );
        keepFocus(to, to < from ? 'up' : 'down');
      },
      duplicate: (index) => {
        const what = `Duplicated ${nameAt(index)}`;
        change((document) => duplicateMember(document, { list: 'steps', index, makeId }), what);
        tools.tellDone(`${what}.`);
      },
      toggle: (index, isOn) => {
        const what = `Switched ${nameAt(index)} ${isOn ? 'on' : 'off'}`;
        const act = () => change((document) => switchMember(document, { path: `steps.${index}`, isOn }), what);
        const dependents = isOn ? [] : listDependents(store.read().document, index);
        if (dependents.length === 0) return act();
        tools.confirm({
          title: `Switch off ${nameAt(index)}?`,
          sentences: sayDependents(dependents),
          ...{ verb: 'Switch off', act },
        });
      },
      remove: (index) => {
        const what = `Removed ${nameAt(index)}`;
        const act = () => {
          change((document) => removeMember(document, { list: 'steps', index }), what);
          tools.tellDone(`${what}.`);
          keepFocus(index, 'more');
        };
        const dependents = listDependents(store.read().document, index);
        if (dependents.length === 0) return act();
        tools.confirm({
          title: `Remove ${nameAt(index)}?`,
          sentences: sayDependents(dependents),
          ...{ verb: 'Remove step', act },
        });
      },
    };
  }, [store, tools]);
}

const NEW: Readonly<Record<'filter' | 'distribution', () => Step>> = {
  filter: () => ({ type: 'filter', id: makeId(), rule_set: { op: 'and', rules: [] } }),
  distribution: () => ({ type: 'distribution', id: makeId(), name: 'Buyers', method: 'waterfall', recipients: [] }),
};

function nameStepAt({ steps }: FlowDocument, index: number): string {
  const step = steps[index];
  return step === undefined ? `step ${index + 1}` : nameStep(step);
}

/** The places that read what a step appends, each once, by their names. */
function listDependents(document: FlowDocument, index: number): string[] {
  return [...new Set(findDependents(document, index).map((path) => namePlace(document, path)))];
}

/** Of which a question names the first; the others are counted. */
const NAMED_MAX = 8;

function sayDependents(places: readonly string[]): string[] {
  const named = places.slice(0, NAMED_MAX);
  return [
    `${countOf(places.length, 'place')} of this flow ${places.length === 1 ? 'reads' : 'read'} what it appends, and would find nothing:`,
    ...named,
    ...(places.length > NAMED_MAX ? [`and ${places.length - NAMED_MAX} more`] : []),
  ];
}

/** A button that moved with its row, or went with it, gives the focus to its successor. */
function keepFocus(index: number, action: 'up' | 'down' | 'more'): void {
  requestAnimationFrame(() => {
    const row =
      document.querySelector(`[data-step="${index}"]`) ?? document.querySelector(`[data-step="${index - 1}"]`);
    const button = row?.querySelector<HTMLButtonElement>(`[data-action="${action}"]:not(:disabled)`);
    (button ?? row?.querySelector<HTMLElement>('a'))?.focus();
  });
}
