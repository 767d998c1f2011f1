import type { Sliced } from '../lib/slices.ts';
import { appendKeyOf } from '../model/append-key.ts';
import { listDeliveriesOf } from '../model/delivery-steps.ts';
import type { FilterStep, FlowDocument, RecipientStep } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import type { Rule, RuleSet } from '../model/rule-set.ts';
import { claimOf, negateClaim } from './claims.ts';
import { areContrary, type LintWork } from './conflicts.ts';
import type { LintContext } from './lint-context.ts';

/** Steps that are tried again although a step behind them gets the lead when they fail (decision 47). */
export function* retriesWithAlternatives({ document, work }: LintContext): Sliced<Problem[]> {
  const problems: Problem[] = [];
  for (const { index, step } of retriedSteps(document)) {
    yield;
    const places = listAlternatives(document, { index, step, work });
    if (places.length === 0) continue;
    const [others, has] = places.length === 1 ? [`step ${places[0]}`, 'has'] : [`steps ${places.join(', ')}`, 'have'];
    const message = `When this delivery fails, ${others} may get the lead instead; once ${places.length === 1 ? 'it' : 'one of them'} ${has} accepted, the retry ends as a skip. Only a lead that none of them took is tried again: switch retry_enabled off if it should not be.`;
    problems.push({ path: `steps.${index}.retry_enabled`, message });
    if (problems.length === TOLD_MAX) break;
  }
  return problems;
}

/** More warnings are not answered, and each of these looks at every step behind it. */
const TOLD_MAX = 100;

/** Steps that are tried again while a filter behind them answers the sender that the lead was not accepted (decision 48). */
export function* retriesAfterAnswer({ document, work }: LintContext): Sliced<Problem[]> {
  const problems: Problem[] = [];
  const check = document.list_checks?.duplicate;
  const isDuplicateHeld = check !== undefined && check !== null && check.add !== false;
  for (const { index, step } of retriedSteps(document)) {
    yield;
    const place = refusingFilter(document, { index, step, work });
    if (place === undefined) continue;
    const problem = `Step ${place} answers the sender that the lead was not accepted while this delivery is retried for up to a day, and a retry that succeeds sells it without paying the sender.`;
    const message = isDuplicateHeld
      ? `${problem} Until then the same person is a duplicate: inform your senders, let that filter pass leads whose outcome is error, or switch retry_enabled off.`
      : `${problem} No duplicate check holds the lead meanwhile, so the same person sent again is sold twice: add list_checks.duplicate and stop duplicates, or switch retry_enabled off.`;
    problems.push({ path: `steps.${index}.retry_enabled`, message });
  }
  return problems;
}

interface Placed {
  index: number;
  step: RecipientStep;
}

function retriedSteps({ steps }: FlowDocument): Placed[] {
  return steps.flatMap((step, index) =>
    step.type === 'recipient' && step.retry_enabled === true && step.enabled !== false ? [{ index, step }] : [],
  );
}

/** Places, from 1, of later recipients that certainly would not run if the step had accepted. */
function listAlternatives(document: FlowDocument, at: Placed & { work: LintWork }): number[] {
  const keys = new Set([appendKeyOf(at.step)]);
  const places: number[] = [];
  let wouldEnd = false;
  for (const [index, step] of document.steps.entries()) {
    if (index <= at.index || step.enabled === false) continue;
    const judge = { keys, outcome: 'success', work: at.work };
    if (step.type === 'filter') {
      wouldEnd ||= holds(step.rule_set, judge);
      continue;
    }
    const deliveries = listDeliveriesOf(step, index).filter(
      ({ step: { rule_set: rules } }) => wouldEnd || (rules && fails(rules, judge)),
    );
    if (deliveries.length > 0) places.push(index + 1);
    for (const delivery of deliveries) keys.add(appendKeyOf(delivery.step));
  }
  return places;
}

/** The place, from 1, of the first filter that certainly stops a lead whose delivery failed; undefined: none does. */
function refusingFilter(document: FlowDocument, at: Placed & { work: LintWork }): number | undefined {
  const judge = { keys: new Set([appendKeyOf(at.step)]), outcome: 'error', work: at.work };
  const index = document.steps.findIndex(
    (step, place) => place > at.index && step.type === 'filter' && isRefusing(step) && holds(step.rule_set, judge),
  );
  return index === -1 ? undefined : index + 1;
}

function isRefusing({ enabled, outcome }: FilterStep): boolean {
  return enabled !== false && outcome?.trim().toLowerCase() !== 'success';
}

interface Judge {
  keys: ReadonlySet<string>;
  /** What the steps with these keys are taken to have come to. */
  outcome: string;
  work: LintWork;
}

/** Does no lead pass the set with that outcome? false: it is not certain. */
function fails(ruleSet: RuleSet, judge: Judge): boolean {
  const each = (entry: Rule | RuleSet): boolean => {
    if ('rules' in entry) return fails(entry, judge);
    return isContrary(entry, judge) || (entry.rule_set ? fails(entry.rule_set, judge) : false);
  };
  return ruleSet.op === 'or' && ruleSet.rules.length > 0 ? ruleSet.rules.every(each) : ruleSet.rules.some(each);
}

/** Does every lead pass the set with that outcome? false: it is not certain. */
function holds(ruleSet: RuleSet, judge: Judge): boolean {
  if (ruleSet.rules.length === 0) return false;
  const each = (entry: Rule | RuleSet): boolean => {
    if ('rules' in entry) return holds(entry, judge);
    return isImplied(entry, judge) && (entry.rule_set ? holds(entry.rule_set, judge) : true);
  };
  return ruleSet.op === 'or' ? ruleSet.rules.some(each) : ruleSet.rules.every(each);
}

function isContrary(rule: Rule, judge: Judge): boolean {
  const given = givenFor(rule, judge);
  const claim = given && claimOf(rule);
  return claim !== undefined && given !== undefined && areContrary(claim, given, judge.work);
}

function isImplied(rule: Rule, judge: Judge): boolean {
  const given = givenFor(rule, judge);
  const claim = given && claimOf(rule);
  const negation = claim && negateClaim(claim);
  return negation !== undefined && given !== undefined && areContrary(negation, given, judge.work);
}

/** What is known of the rule’s left side; undefined: it is not the outcome of one of the steps. */
function givenFor(rule: Rule, { keys, outcome, work }: Judge): ReturnType<typeof claimOf> {
  if (work.outcomesLeft <= 0) return undefined;
  work.outcomesLeft -= 1;
  const key = keyOfOutcome(rule);
  if (key === null || !keys.has(key)) return undefined;
  return claimOf({ lhv: `${key}${OUTCOME}`, op: 'is equal to', rhv: outcome });
}

/** The step whose outcome the left side is; null: it is something else. */
function keyOfOutcome(rule: Rule): string | null {
  const known = outcomeKeys.get(rule);
  if (known !== undefined) return known;
  const variable = String(rule.lhv)
    .replace(/^\s*\{\{\s*|\s*\}\}\s*$/g, '')
    .trim();
  const key = variable.endsWith(OUTCOME) ? variable.slice(0, -OUTCOME.length) : null;
  outcomeKeys.set(rule, key);
  return key;
}

/** Each step that is tried again asks every rule behind it. */
const outcomeKeys = new WeakMap<Rule, string | null>();

const OUTCOME = '.outcome';
