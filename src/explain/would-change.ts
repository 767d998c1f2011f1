import { capOfLead } from '../events/explain-lead.ts';
import type { ExplainedRule } from '../events/explain-rules.ts';
import type { LeadPast } from '../events/lead-past.ts';
import { operatorNamed } from '../rules/operators.ts';
import type { DecidedBy } from './decided-by.ts';
import { listCriteria } from './decided-by.ts';
import { decidingRules, findingsByPath } from './deciding-rules.ts';
import { CHANGES, FOUND_BY, LIST_CHECKS } from './sentences.ts';
import { quoted, shown } from './wording.ts';
import { writeMoment } from './write-moment.ts';

/** Ways out that are named; of more rules the first. */
const CHANGES_MAX = 10;

/**
 * What would have let the lead go on, each as a sentence; empty where that does not follow from what is on record. What comes
 * after the decision was not asked, so that none of them promises an acceptance.
 */
export function wouldChange(past: LeadPast, decided: DecidedBy | null): string[] {
  if (!decided) return [];
  if (decided.path === 'enabled') return [CHANGES.flowOn({ flow: quoted(past.flow.name) })];
  if (decided.path === 'hours_of_operation') return [CHANGES.openHours()];
  if (decided.phase === 'caps') return changesOfCap(past);
  return changesOfRules(past, decided).slice(0, CHANGES_MAX);
}

function changesOfCap(past: LeadPast): string[] {
  const cap = capOfLead(past);
  if (!cap) return [];
  const { frees_at: freesAt, time_zone: zone } = cap;
  return [
    ...(freesAt === null ? [] : [CHANGES.afterCap({ time: writeMoment(freesAt, zone) })]),
    CHANGES.higherCap({ maximum: cap.maximum }),
  ];
}

function changesOfRules(past: LeadPast, decided: DecidedBy): string[] {
  const findings = findingsByPath(past);
  const criteria = listCriteria(past).find(({ path }) => path === decided.path);
  if (criteria) {
    const { rules } = decidingRules(criteria.ruleSet, { path: `${criteria.path}.rule_set`, findings });
    return rules.flatMap((rule) => sentenceOf(rule, { toPass: true }));
  }
  const step = past.flow.steps.find(({ id }) => id === decided.id);
  if (step?.kind !== 'filter') return [];
  const { rules } = decidingRules(step.document.rule_set, { path: `${step.path}.rule_set`, findings });
  return rules.flatMap((rule) => sentenceOf(rule, { toPass: false }));
}

/** Operators whose right side names values that pass, and those that need none. */
const TELLING = new Set([
  ...['is equal to', 'is not equal to', 'is included in', 'is not included in', 'is between', 'is not between'],
  ...['is less than', 'is less than or equal to', 'is greater than', 'is greater than or equal to'],
  ...['is blank', 'is not blank', 'format is valid', 'format is invalid'],
  ...['is true', 'is not true', 'is false', 'is not false'],
]);

function sentenceOf(rule: ExplainedRule, { toPass }: { toPass: boolean }): string[] {
  const op = String(rule.op);
  const operator = operatorNamed(op);
  if (!operator || !TELLING.has(op)) return [];
  const check = LIST_CHECKS.get(FOUND_BY.get(String(rule.lhv).trim()) ?? '');
  if (check) return [CHANGES.list({ needed: rule.left === true ? check.missing : check.found })];
  const label = shown(rule.label === '' ? rule.lhv : rule.label).replace(/^"(.*)"$/, '$1');
  const right = operator.arity === 'unary' ? '' : ` ${shown(rule.right)}`;
  return [
    toPass
      ? CHANGES.rule({ label, asked: `${op}${right}` })
      : CHANGES.filter({ label, asked: `${negated(op)}${right}` }),
  ];
}

/** `is not equal to` for `is equal to`, and back. */
function negated(op: string): string {
  const opposite = OPPOSITES.get(op);
  if (opposite !== undefined) return opposite;
  return op.includes(' not ') ? op.replace(' not ', ' ') : op.replace(/^is /, 'is not ');
}

const OPPOSITES: ReadonlyMap<string, string> = new Map([
  ['is less than', 'is greater than or equal to'],
  ['is less than or equal to', 'is greater than'],
  ['is greater than', 'is less than or equal to'],
  ['is greater than or equal to', 'is less than'],
  ['format is valid', 'format is invalid'],
  ['format is invalid', 'format is valid'],
]);
