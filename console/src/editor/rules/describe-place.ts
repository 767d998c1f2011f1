import type { FlowDocument } from '../../../../src/model/flow.ts';

/** What rules at a place of the document decide, before the rules themselves. */
export interface Meaning {
  /** `A lead is taken when` */
  when: string;
  /** Of no rules: `Every lead is taken.` */
  always: string;
}

/** `path` ends in the rule set: `sources.0.acceptance_criteria.rule_set`. */
export function describePlace(path: string, document: FlowDocument): Meaning {
  const found = PLACES.find(([pattern]) => pattern.test(path));
  if (found) return found[1];
  return isFilter(path, document) ? FILTER : STEP;
}

const CAP: Meaning = { when: 'A lead counts when', always: 'Every lead counts.' };
const PRICE: Meaning = { when: 'The price holds when', always: 'The price holds for every lead.' };
const MAPPING: Meaning = { when: 'The value is given when', always: 'The value is given for every lead.' };
const CRITERIA: Meaning = { when: 'A lead is taken when', always: 'Every lead is taken.' };
const FEEDBACK: Meaning = { when: 'Feedback is taken when', always: 'All feedback is taken.' };
const RELAY: Meaning = { when: 'Feedback is relayed when', always: 'All feedback is relayed.' };
const FILTER: Meaning = {
  when: 'The flow stops for a lead when',
  always: 'A filter without rules would stop every lead: add a rule.',
};
const STEP: Meaning = { when: 'The recipient gets a lead when', always: 'The recipient gets every lead.' };

const PLACES: readonly (readonly [RegExp, Meaning])[] = [
  [/\.mappings\.\d+\.rule_set$/, MAPPING],
  [/\bprices\.\d+\.rule_set$/, PRICE],
  [/\b(?:caps|ping_limits)\.\d+\.rule_set$/, CAP],
  [/^sources\.\d+\.feedback\b/, RELAY],
  [/\bfeedback\b/, FEEDBACK],
  [/acceptance_criteria\.rule_set$/, CRITERIA],
  [/^steps\.\d+\.recipients\./, STEP],
];

function isFilter(path: string, { steps }: FlowDocument): boolean {
  const [, index] = /^steps\.(\d+)\.rule_set$/.exec(path) ?? [];
  return index !== undefined && steps[Number(index)]?.type === 'filter';
}
