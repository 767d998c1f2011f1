import type { Cap } from '../../../../src/model/cap.ts';
import type {
  AcceptanceCriteria,
  FlowDocument,
  HoursOfOperation,
  ListChecks,
  Source,
} from '../../../../src/model/flow.ts';
import type { Integration } from '../../../../src/model/mapping.ts';
import type { Pricing, PricingServiceConfiguration } from '../../../../src/model/pricing.ts';
import type { Rule, RuleSet } from '../../../../src/model/rule-set.ts';
import { describeRuleSet } from '../../editor/rules/describe-rule-set.ts';
import { capitalize } from '../../parts/capitalize.ts';
import { formatMoney } from '../../parts/format-money.ts';

/** In the place of what is not set. */
export const NOTHING = 'None';

export function countOf(count: number, word: string): string {
  return `${count.toLocaleString('en-US')} ${word}${count === 1 ? '' : 's'}`;
}

/** As deep as rule sets may be nested. */
const LEVELS_MAX = 32;

/** Rules that ask something, in sets among them, too. */
export function countRules(ruleSet: RuleSet | null | undefined, level = 0): number {
  if (!Array.isArray(ruleSet?.rules) || level > LEVELS_MAX) return 0;
  return ruleSet.rules.reduce((sum, rule) => sum + countRule(rule, level + 1), 0);
}

function countRule(rule: Rule | RuleSet, level: number): number {
  if ('rules' in rule && Array.isArray(rule.rules)) return countRules(rule, level);
  return 1 + ('rule_set' in rule ? countRules(rule.rule_set, level) : 0);
}

/** A cell says rules in words as long as they fit into it. */
const WORDS_MAX = 60;

export function summarizeCriteria(
  criteria: AcceptanceCriteria | null | undefined,
  names: Parameters<typeof describeRuleSet>[1],
): string {
  const rules = countRules(criteria?.rule_set);
  if (rules === 0) return NOTHING;
  const said = describeRuleSet(criteria?.rule_set, names);
  return said.length <= WORDS_MAX ? capitalize(said) : countOf(rules, 'rule');
}

/** `answers`: who names the price when no list does. */
export function summarizePrice(
  { pricing, pricing_service: service }: Priced,
  { answers }: { answers: 'source' | 'recipient' },
): string {
  if (service) return 'By a service';
  if (pricing?.override) return answers === 'source' ? 'As submitted' : 'As answered';
  const prices = pricing?.prices ?? [];
  const [first] = prices;
  if (first === undefined) return NOTHING;
  if (prices.length > 1) return countOf(prices.length, 'price');
  const rules = countRules(first.rule_set);
  return rules === 0 ? formatMoney(first.amount) : `${formatMoney(first.amount)} by ${countOf(rules, 'rule')}`;
}

interface Priced {
  pricing?: Pricing | null;
  pricing_service?: PricingServiceConfiguration | null;
}

export function summarizeCaps(caps: readonly Cap[] | null | undefined): string {
  const [first, ...more] = caps ?? [];
  if (first === undefined) return NOTHING;
  const amount = first.type === 'revenue' ? formatMoney(first.maximum) : first.maximum.toLocaleString('en-US');
  const window =
    first.duration === 1 ? `a ${first.duration_units}` : `in ${countOf(first.duration, first.duration_units)}`;
  const words = `${amount} ${first.duration === 1 && first.duration_units === 'hour' ? 'an hour' : window}`;
  return more.length === 0 ? words : `${words}, ${more.length} more`;
}

export function summarizeHours(hours: HoursOfOperation | null | undefined): string {
  if (!hours || hours.enabled === false) return 'Always';
  const open = Object.values(hours.days ?? {}).filter((periods) => periods.length > 0).length;
  if (open === 0) return 'Never';
  return open === 7 ? 'Every day, at times' : `${countOf(open, 'day')} a week`;
}

const CHECK_WORDS = { duplicate: 'Duplicates', existing_customer: 'Customers', dnc: 'Do not call' } as const;

export function summarizeChecks(checks: ListChecks | null | undefined): string {
  const names = (['duplicate', 'existing_customer', 'dnc'] as const).filter((name) => checks?.[name]);
  return names.length === 0 ? NOTHING : names.map((name) => CHECK_WORDS[name]).join(', ');
}

export function summarizeMappings(integration: Integration | null | undefined): string {
  const mappings = integration?.mappings?.length ?? 0;
  return mappings === 0 ? NOTHING : countOf(mappings, 'mapping');
}

/** Who may submit. */
export function summarizeAccess(source: Source): string {
  if (source.credential_id) return 'One API key';
  if (source.authentication_required) return 'Any API key';
  const origins = source.allowed_origins?.length ?? 0;
  return origins === 0 ? 'Anybody' : countOf(origins, 'origin');
}

/** What the flow itself says, for the row above its sources. */
export function summarizeFlow(document: FlowDocument, names: Parameters<typeof describeRuleSet>[1]) {
  return {
    criteria: summarizeCriteria(document.acceptance_criteria, names),
    price: summarizePrice(document, { answers: 'source' }),
    caps: summarizeCaps(document.caps),
    hours: summarizeHours(document.hours_of_operation),
    checks: summarizeChecks(document.list_checks),
  };
}
