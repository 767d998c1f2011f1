import type { RuleSet } from '../../../../src/model/rule-set.ts';
import { NEW_RULE } from './change-rule.ts';
import {
  duplicateAt,
  getAt,
  insertAt,
  moveAt,
  placeOf,
  type RulePath,
  removeAt,
  setAt,
  unwrapAt,
  wrapAt,
} from './rule-tree.ts';

export type EntryKind = 'rule' | 'group' | 'rules of a rule';

/** The next rule set, and where the keyboard is then; undefined: it cannot be done here. */
type Done = { root: RuleSet; path: RulePath } | undefined;

export interface EntryAction {
  name: string;
  /** What was done, for undo and screen readers. */
  said: string;
  kinds: readonly EntryKind[];
  keys?: { code: string; shift?: true; shown: string };
  run(root: RuleSet, at: RulePath): Done;
}

/** Everything that is done with a rule or a group as a whole. Keys are held with Alt, which types nothing in a field. */
export const ENTRY_ACTIONS: readonly EntryAction[] = [
  {
    ...{ name: 'Move up', said: 'Moved up', kinds: ['rule', 'group'] },
    keys: { code: 'ArrowUp', shown: 'Alt ↑' },
    run: (root, at) => moveAt(root, at, 'up'),
  },
  {
    ...{ name: 'Move down', said: 'Moved down', kinds: ['rule', 'group'] },
    keys: { code: 'ArrowDown', shown: 'Alt ↓' },
    run: (root, at) => moveAt(root, at, 'down'),
  },
  {
    ...{ name: 'Duplicate', said: 'Duplicated', kinds: ['rule', 'group'] },
    keys: { code: 'ArrowDown', shift: true, shown: 'Alt Shift ↓' },
    run: duplicateAt,
  },
  {
    ...{ name: 'Put into a group', said: 'Put into a group', kinds: ['rule', 'group'] },
    keys: { code: 'KeyG', shown: 'Alt G' },
    run: wrapAt,
  },
  {
    ...{ name: 'Add rules that must hold, too', said: 'Added a rule to the rule', kinds: ['rule'] },
    run: (root, at) => (getAt(root, [...at, 'rule_set']) ? undefined : withOwnRules(root, at)),
  },
  {
    ...{ name: 'Dissolve the group', said: 'Dissolved the group', kinds: ['group'] },
    keys: { code: 'KeyG', shift: true, shown: 'Alt Shift G' },
    run: (root, at) => ({ root: unwrapAt(root, at), path: at }),
  },
  {
    ...{ name: 'Remove', said: 'Removed', kinds: ['rule', 'group', 'rules of a rule'] },
    keys: { code: 'Delete', shown: 'Alt Delete' },
    run: remove,
  },
];

/** The action of a key; undefined: it has none. */
export function actionOfKey(
  {
    code,
    altKey,
    shiftKey,
    ctrlKey,
    metaKey,
  }: Pick<KeyboardEvent, 'code' | 'altKey' | 'shiftKey' | 'ctrlKey' | 'metaKey'>,
  kind: EntryKind,
): EntryAction | undefined {
  if (!altKey || ctrlKey || metaKey) return undefined;
  const meant = code === 'Backspace' ? 'Delete' : code;
  return ENTRY_ACTIONS.find(
    ({ keys, kinds }) => kinds.includes(kind) && keys?.code === meant && (keys.shift === true) === shiftKey,
  );
}

function withOwnRules(root: RuleSet, at: RulePath): Done {
  return {
    root: setAt(root, [...at, 'rule_set'], { op: 'and', rules: [{ ...NEW_RULE }] }),
    path: [...at, 'rule_set', 'rules', 0],
  };
}

/** The keyboard goes to what takes its place, else to what was before it. */
function remove(root: RuleSet, at: RulePath): Done {
  const next = removeAt(root, at);
  if (at.at(-1) === 'rule_set') return { root: next, path: at.slice(0, -1) };
  if (getAt(next, at) !== undefined) return { root: next, path: at };
  const { group, index } = placeOf(at);
  return { root: next, path: index > 0 ? [...group, 'rules', index - 1] : group };
}

/** A rule behind this one. */
export function addBehind(root: RuleSet, at: RulePath): { root: RuleSet; path: RulePath } {
  const { group, index } = placeOf(at);
  const path = [...group, 'rules', index + 1];
  return { root: insertAt(root, path, { ...NEW_RULE }), path };
}
