import type { Sliced } from '../lib/slices.ts';
import { listAllValues } from '../lists/list-check-values.ts';
import type { Cap } from '../model/cap.ts';
import { listDeliveriesOf } from '../model/delivery-steps.ts';
import type { FlowDocument, RecipientStep, Source, Step } from '../model/flow.ts';
import type { Mapping } from '../model/mapping.ts';
import type { Pricing } from '../model/pricing.ts';
import type { Rule, RuleSet } from '../model/rule-set.ts';

/** What a rule set decides. */
export type RuleRole = 'criteria' | 'filter' | 'recipient' | 'cap' | 'price' | 'mapping';

/** Where in the run of a lead something stands. */
export interface Moment {
  /** Steps with a smaller index have run. */
  stepsBefore: number;
  /** Mappings of a source read what was submitted, everything else the lead. */
  reads: 'submission' | 'lead';
}

export interface RuleSite extends Moment {
  path: string;
  role: RuleRole;
  ruleSet: RuleSet;
}

/** A text that may be a template, or the left side of a rule, which is a path where it is no template. */
export interface TextSite extends Moment {
  path: string;
  text: string;
  isLeftSide: boolean;
}

export interface FlowSites {
  rules: readonly RuleSite[];
  texts: readonly TextSite[];
}

/** Real flows have fewer rules and templates; further ones are not linted. */
export const SITES_MAX = 20_000;

const TEXTS_BETWEEN_PAUSES = 64;

/** Every rule set and template that runs, in the order of the document: not those of disabled sources and steps. */
export function* flowSites(document: FlowDocument): Sliced<FlowSites> {
  const sites: Sites = { rules: [], texts: [] };
  const atStart: Moment = { stepsBefore: 0, reads: 'lead' };
  yield* addCriteria(sites, { path: 'acceptance_criteria', criteria: document.acceptance_criteria, ...atStart });
  yield* addCaps(sites, { path: 'caps', caps: document.caps, ...atStart });
  yield* addPrices(sites, { path: 'pricing', pricing: document.pricing, ...atStart });
  for (const { check, path, template } of listAllValues(document))
    addText(sites, { path: `list_checks.${check}.${path}`, text: template, ...atStart });
  for (const [index, source] of document.sources.entries()) {
    if (source.enabled === false) continue;
    const path = `sources.${index}`;
    const { mappings } = source.integration;
    yield* addMappings(sites, { path: `${path}.integration`, mappings, stepsBefore: 0, reads: 'submission' });
    yield* addCriteria(sites, {
      path: `${path}.acceptance_criteria`,
      criteria: source.acceptance_criteria,
      ...atStart,
    });
    yield* addCaps(sites, { path: `${path}.caps`, caps: source.caps, ...atStart });
    yield* addPrices(sites, { path: `${path}.pricing`, pricing: source.pricing, ...atStart });
    yield* addRelay(sites, { path: `${path}.feedback`, feedback: source.feedback, stepCount: document.steps.length });
  }
  for (const [index, step] of document.steps.entries()) if (step.enabled !== false) yield* addStep(sites, step, index);
  return { rules: sites.rules.slice(0, SITES_MAX), texts: sites.texts.slice(0, SITES_MAX) };
}

/** When feedback comes, every step has run. */
function* addRelay(
  sites: Sites,
  { path, feedback, stepCount }: { path: string; feedback: Source['feedback']; stepCount: number },
): Sliced<void> {
  const afterAll: Moment = { stepsBefore: stepCount, reads: 'lead' };
  yield* addRules(sites, { path: `${path}.rule_set`, role: 'criteria', ruleSet: feedback?.rule_set, ...afterAll });
  yield* addMappings(sites, { path, mappings: feedback?.integration?.mappings ?? [], ...afterAll });
}

interface Sites {
  rules: RuleSite[];
  texts: TextSite[];
}

type At<Part> = Part & Moment & { path: string };

function* addStep(sites: Sites, step: Step, index: number): Sliced<void> {
  const path = `steps.${index}`;
  const moment: Moment = { stepsBefore: index, reads: 'lead' };
  if (step.type === 'recipient') {
    yield* addRecipient(sites, { path, step, ...moment });
    return;
  }
  if (step.type === 'distribution') {
    // One may read what another one of the same step has answered.
    for (const delivery of listDeliveriesOf(step, index)) {
      if (delivery.step.enabled === false) continue;
      const later = { ...moment, stepsBefore: index + 1 };
      yield* addRecipient(sites, { path: delivery.path, step: delivery.step, ...later });
    }
    for (const [place, { bid, enabled }] of step.recipients.entries()) {
      if (!bid || enabled === false) continue;
      yield* addMappings(sites, { path: `${path}.recipients.${place}.bid`, mappings: bid.mappings, ...moment });
    }
    return;
  }
  yield* addRules(sites, { path: `${path}.rule_set`, role: 'filter', ruleSet: step.rule_set, ...moment });
  addText(sites, { path: `${path}.outcome`, text: step.outcome, ...moment });
  addText(sites, { path: `${path}.reason`, text: step.reason, ...moment });
}

function* addRecipient(sites: Sites, { path, step, ...moment }: At<{ step: RecipientStep }>): Sliced<void> {
  yield* addRules(sites, { path: `${path}.rule_set`, role: 'recipient', ruleSet: step.rule_set, ...moment });
  yield* addMappings(sites, { path: `${path}.integration`, mappings: step.integration.mappings, ...moment });
  yield* addCaps(sites, { path: `${path}.caps`, caps: step.caps, ...moment });
  // The price of a sale is found when the answer is there.
  const afterStep = { ...moment, stepsBefore: moment.stepsBefore + 1 };
  yield* addPrices(sites, { path: `${path}.pricing`, pricing: step.pricing, ...afterStep });
  const { feedback } = step;
  if (!feedback) return;
  const rulesOf = {
    '': feedback.rule_set,
    '.returns': feedback.returns?.rule_set,
    '.conversions': feedback.conversions?.rule_set,
  };
  for (const [part, ruleSet] of Object.entries(rulesOf))
    yield* addRules(sites, { path: `${path}.feedback${part}.rule_set`, role: 'criteria', ruleSet, ...afterStep });
}

function* addCriteria(sites: Sites, at: At<{ criteria: FlowDocument['acceptance_criteria'] }>): Sliced<void> {
  const { path, criteria, ...moment } = at;
  if (!criteria) return;
  yield* addRules(sites, { path: `${path}.rule_set`, role: 'criteria', ruleSet: criteria.rule_set, ...moment });
  addText(sites, { path: `${path}.reason`, text: criteria.reason, ...moment });
}

function* addCaps(
  sites: Sites,
  { path, caps, ...moment }: At<{ caps: readonly Cap[] | null | undefined }>,
): Sliced<void> {
  for (const [index, cap] of (caps ?? []).entries()) {
    const capPath = `${path}.${index}`;
    yield* addRules(sites, { path: `${capPath}.rule_set`, role: 'cap', ruleSet: cap.rule_set, ...moment });
    addText(sites, { path: `${capPath}.reason`, text: cap.reason, ...moment });
    yield* addCaps(sites, { path: `${capPath}.caps`, caps: cap.caps, ...moment });
  }
}

function* addPrices(
  sites: Sites,
  { path, pricing, ...moment }: At<{ pricing: Pricing | null | undefined }>,
): Sliced<void> {
  for (const [index, price] of (pricing?.prices ?? []).entries())
    yield* addRules(sites, {
      path: `${path}.prices.${index}.rule_set`,
      role: 'price',
      ruleSet: price.rule_set,
      ...moment,
    });
}

function* addMappings(sites: Sites, { path, mappings, ...moment }: At<{ mappings: readonly Mapping[] }>): Sliced<void> {
  for (const [index, { value, rule_set: ruleSet }] of mappings.entries()) {
    const mappingPath = `${path}.mappings.${index}`;
    yield* addRules(sites, { path: `${mappingPath}.rule_set`, role: 'mapping', ruleSet, ...moment });
    addText(sites, { path: `${mappingPath}.value`, text: value, ...moment });
  }
}

function* addRules(sites: Sites, at: At<{ role: RuleRole; ruleSet: RuleSet | null | undefined }>): Sliced<void> {
  const { path, role, ruleSet, ...moment } = at;
  if (!ruleSet) return;
  sites.rules.push({ path, role, ruleSet, ...moment });
  yield;
  for (const { rule, path: rulePath } of placedRules(ruleSet, path)) {
    if (sites.texts.length % TEXTS_BETWEEN_PAUSES === 0) yield;
    const { lhv } = rule;
    if (typeof lhv === 'string') sites.texts.push({ path: `${rulePath}.lhv`, text: lhv, isLeftSide: true, ...moment });
    addText(sites, { path: `${rulePath}.rhv`, text: rule.rhv, ...moment });
  }
}

function addText(sites: Sites, { path, text, ...moment }: At<{ text: unknown }>): void {
  const texts: readonly unknown[] = Array.isArray(text) ? text : [text];
  for (const each of texts) {
    // Most values are literals, and a template has braces.
    if (typeof each === 'string' && each.includes('{{'))
      sites.texts.push({ path, text: each, isLeftSide: false, ...moment });
  }
}

export interface PlacedRule {
  path: string;
  rule: Rule;
}

/** Every rule of a set with what is nested in it. */
export function rulesIn(ruleSet: RuleSet, path: string): PlacedRule[] {
  return [...placedRules(ruleSet, path)];
}

/** The same, one by one. */
function* placedRules(ruleSet: RuleSet, path: string): Generator<PlacedRule> {
  for (const [index, entry] of ruleSet.rules.entries()) {
    const entryPath = `${path}.rules.${index}`;
    if ('rules' in entry) yield* placedRules(entry, entryPath);
    else {
      yield { path: entryPath, rule: entry };
      if (entry.rule_set) yield* placedRules(entry.rule_set, `${entryPath}.rule_set`);
    }
  }
}
