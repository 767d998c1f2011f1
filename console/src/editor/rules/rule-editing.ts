import type { RuleSet } from '../../../../src/model/rule-set.ts';
import type { EditorNames, Fault } from '../part-props.ts';
import type { RulePath } from './rule-tree.ts';
import type { Vocabulary } from './use-variables.ts';
import type { Verdicts } from './verdicts.ts';

/** What every rule and group of one rule set is given. */
export interface RuleEditing {
  root: RuleSet;
  /** Puts the next rule set in the place of this one; `focus` is where the keyboard is then. */
  edit(next: RuleSet, what: string, focus?: { path: RulePath; control: string }): void;
  /** Of the rule set in the document. */
  path: string;
  faults: readonly Fault[];
  names: EditorNames;
  isReadOnly: boolean;
  vocabulary: Vocabulary;
  /** What a trial came to; undefined: nothing is tried. */
  verdicts: Verdicts | undefined;
}

/** Of this part alone: those of rules that are nested in it stand with them. */
export function faultsAt({ path, faults }: Pick<RuleEditing, 'path' | 'faults'>, at: RulePath): Fault[] {
  const place = [path, ...at].join('.');
  return faults.filter(({ path: where }) => {
    if (where === place) return true;
    return where.startsWith(`${place}.`) && OWN.test(where.slice(place.length + 1));
  });
}

/** Parts of a rule or of a group that are no rules. */
const OWN = /^(?:lhv|op|rhv|id)(?:\.|$)/;
