import type { Cap } from '../../../../src/model/cap.ts';
import type { Candidate, FlowDocument, RecipientStep, Source, Step } from '../../../../src/model/flow.ts';
import type { Pricing } from '../../../../src/model/pricing.ts';
import type { RuleSet } from '../../../../src/model/rule-set.ts';
import { capitalize } from '../../parts/capitalize.ts';
import { formatMoney } from '../../parts/format-money.ts';
import { describeSpan, formatCount } from '../caps/describe-cap.ts';
import { describeListChecks } from '../checks/describe-list-checks.ts';
import { METHODS, nameOfCandidate } from '../distribution/describe-distribution.ts';
import { describeHours } from '../hours/describe-hours.ts';
import type { EditorNames } from '../part-props.ts';
import { describePricingService } from '../pricing/describe-pricing.ts';
import { countRules, type Said, sayRuleSet } from '../rules/describe-rule-set.ts';

export type { Said };

type Names = Pick<EditorNames, 'document' | 'fields' | 'timeZone' | 'pricingServices'>;

/** What becomes of a lead, in whole sentences. */
export interface FlowInSentences {
  /** Who sends, when, which leads are taken, how many, and at what price. */
  before: Said[][];
  /** A sentence a step, as far as anybody reads. */
  steps: Said[][];
  /** How a lead ends that came through the steps. */
  after: Said[][];
}

/** Names that a sentence lists; the others are counted. */
const NAMES_MAX = 3;
/** Steps, and prices of one list, that have words of their own. */
const STEPS_MAX = 6;
const PRICES_MAX = 4;

/** The whole flow. Throws where a draft has another shape than a flow: `FlowInWords` then says so. */
export function sayFlow(names: Names): FlowInSentences {
  const { document } = names;
  return {
    before: [
      saySources(document),
      sayHours(names),
      sayCriteria(names),
      ...sayOwnCriteria(names),
      ...sayCaps(names),
      sayCost(names),
    ],
    steps: saySteps(names),
    after: [sayEnd(document), ...sayDestinations(document)],
  };
}

function saySources({ enabled, sources }: FlowDocument): Said[] {
  if (!enabled) return [words('The flow is switched off: every lead ends as an error.')];
  const on = sources.filter((source) => source.enabled !== false);
  const off = sources.length - on.length;
  if (on.length === 0) return [words(off === 0 ? 'No source sends leads yet.' : 'Every source is switched off.')];
  const rest = off === 0 ? '.' : `; ${off} more ${off === 1 ? 'is' : 'are'} switched off.`;
  return [words('Leads come from '), ...list(on.map(nameSource)), words(rest)];
}

function nameSource({ entity }: Source): string {
  return entity?.name || 'a source without a name';
}

function sayHours({ document, timeZone }: Names): Said[] {
  const hours = describeHours(document.hours_of_operation, { timeZone });
  if (hours === null) return [words('They are taken at any time.')];
  if (hours === 'Never') return [words('They are never taken: no day is open.')];
  return [words('They are taken '), value(hours), words('; at other times they are refused.')];
}

function sayCriteria(names: Names): Said[] {
  const { list_checks: checks, acceptance_criteria: criteria } = names.document;
  const looked = describeListChecks(checks);
  const first = looked === null ? [] : [words('Lists are asked first: '), value(looked), words('. ')];
  const rules = sayRuleSet(criteria?.rule_set, names);
  if (rules.length === 0) return [...first, words('No criteria: a lead may have any values.')];
  return [...first, words('A lead is refused unless '), ...rules, words('.')];
}

/** Of sources that ask for more than the flow does. */
function sayOwnCriteria(names: Names): Said[][] {
  const own = names.document.sources.filter(
    (source) => source.enabled !== false && countRules(source.acceptance_criteria?.rule_set) > 0,
  );
  const said = own
    .slice(0, NAMES_MAX)
    .map((source) => [
      words('From '),
      name(nameSource(source)),
      words(' it is refused, too, unless '),
      ...sayRuleSet(source.acceptance_criteria?.rule_set, names),
      words('.'),
    ]);
  return own.length <= NAMES_MAX
    ? said
    : [...said, [words(`${own.length - NAMES_MAX} more sources have criteria of their own.`)]];
}

function sayCaps(names: Names): Said[][] {
  const { caps, sources } = names.document;
  const own = sources.filter((source) => (source.caps?.length ?? 0) > 0).length;
  const said = listCaps(caps, names);
  if (said.length === 0 && own === 0) return [[words('No cap limits how many are taken.')]];
  const ofSources =
    own === 0 ? '.' : `; ${own === 1 ? '1 source has caps of its own' : `${own} sources have caps of their own`}.`;
  return [said.length === 0 ? [words(capitalize(ofSources.slice(2)))] : [words('At most '), ...said, words(ofSources)]];
}

/** `50 a day and 2,000 a month in America/Chicago`: the zone is said once where all have the same. */
function listCaps(caps: readonly Cap[] | null | undefined, names: Names): Said[] {
  if (!caps || caps.length === 0) return [];
  const zones = new Set(caps.map((cap) => cap.time_zone ?? names.timeZone));
  const [zone] = zones;
  const shown = caps.slice(0, NAMES_MAX).map((cap) => sayCap(cap, names, zones.size > 1));
  const more = caps.length - shown.length;
  const said = shown.flatMap((cap, index) => {
    if (index === 0) return cap;
    return [words(index === shown.length - 1 && more === 0 ? ' and ' : ', '), ...cap];
  });
  return [...said, words(`${more > 0 ? ` and ${more} more` : ''}${zones.size > 1 ? '' : ` in ${zone}`}`)];
}

function sayCap(cap: Cap, names: Names, isZoned: boolean): Said[] {
  const amount = cap.type === 'revenue' ? formatMoney(cap.maximum) : formatCount(cap.maximum);
  const rules = sayRuleSet(cap.rule_set, names);
  return [
    value(`${amount} ${describeSpan(cap)}`),
    ...(isZoned ? [words(` in ${cap.time_zone ?? names.timeZone}`)] : []),
    ...(rules.length === 0 ? [] : [words(' when '), ...rules]),
  ];
}

function sayCost(names: Names): Said[] {
  const { document, pricingServices } = names;
  const { pricing, pricing_service: service } = document;
  const asked = describePricingService(service, pricingServices);
  if (asked !== null) return [words('What a lead costs is asked: '), value(asked), words('.')];
  const said = sayPrices(pricing, names, 'the price that is submitted');
  if (said !== null) return [words('A lead costs '), ...said, words('.')];
  const own = document.sources.filter((source) => sayPrices(source.pricing, names, '') ?? source.pricing_service);
  const [only] = own;
  if (only === undefined) return [words('A lead costs nothing.')];
  if (own.length > 1) return [words(`What a lead costs is set for ${own.length} sources.`)];
  const price = describePricingService(only.pricing_service, pricingServices);
  return [
    words('A lead from '),
    name(nameSource(only)),
    words(' costs '),
    ...(price === null
      ? (sayPrices(only.pricing, names, 'the price that is submitted') ?? [])
      : [words('what is asked: '), value(price)]),
    words('; others cost nothing.'),
  ];
}

/** `$4.50 when State is TX, else $2.25`; of prices that match the last one counts. null: there is none. */
function sayPrices(pricing: Pricing | null | undefined, names: Names, named: string): Said[] | null {
  if (pricing?.override === true)
    return [
      words(named),
      ...(pricing.maximum_price == null ? [] : [words(', at most '), value(formatMoney(pricing.maximum_price))]),
    ];
  const prices = (pricing?.prices ?? []).toReversed();
  if (prices.length === 0) return null;
  const forAll = prices.findIndex(({ rule_set }) => countRules(rule_set) === 0);
  const counted = forAll === -1 ? prices : prices.slice(0, forAll + 1);
  const said = counted.slice(0, PRICES_MAX).flatMap(({ amount, rule_set }, index): Said[] => {
    const rules = sayRuleSet(rule_set, names);
    return [
      ...(index === 0 ? [] : [words(', else ')]),
      value(formatMoney(amount)),
      ...(rules.length === 0 ? [] : [words(' when '), ...rules]),
    ];
  });
  const more = counted.length - PRICES_MAX;
  if (more > 0) return [...said, words(`, and ${more} more ${more === 1 ? 'price' : 'prices'}`)];
  return forAll === -1 ? [...said, words(', else nothing')] : said;
}

function saySteps(names: Names): Said[][] {
  const { steps } = names.document;
  if (steps.length === 0) return [[words('There are no steps: nobody gets the lead.')]];
  const said = steps.slice(0, STEPS_MAX).map((step, index) => sayNumbered(step, index, names));
  const more = steps.length - STEPS_MAX;
  return more <= 0 ? said : [...said, [words(`${more} more ${more === 1 ? 'step follows' : 'steps follow'}.`)]];
}

function sayNumbered(step: Step, index: number, names: Names): Said[] {
  const number = `Step ${index + 1}`;
  const title = titleOf(step);
  const called = title === null ? [words(number)] : [words(`${number}, `), name(title), words(',')];
  if (step.enabled === false) return [...called, words(' is switched off.')];
  return [...called, words(' '), ...joinTerms(sayStep(step, names))];
}

function joinTerms({ does, terms }: SaidStep): Said[] {
  return [...does, ...terms.flatMap((term) => [words(', '), ...term]), words('.')];
}

/** The same as a sentence of its own: `Gets every lead, pays $12.00.` */
export function sayAlone(step: SaidStep): Said[] {
  const [first, ...rest] = joinTerms(step);
  return first === undefined ? [] : [words(capitalize(first.text)), ...rest];
}

/** null: what it does says it. */
function titleOf(step: Step): string | null {
  switch (step.type) {
    case 'filter':
      return step.description || null;
    case 'recipient':
      return step.entity?.name || step.description || 'a recipient without a name';
    case 'distribution':
      return step.name || step.description || null;
  }
}

/** What a step does, from its verb on and without a full stop, and on which terms. */
export interface SaidStep {
  does: Said[];
  terms: Said[][];
}

/** `stops a lead when Phone is blank`; `gets a lead when State is TX`, `pays $12.00`, `at most 50 a day`. */
export function sayStep(step: Step, names: Names): SaidStep {
  switch (step.type) {
    case 'filter':
      return {
        does: sayGiven(['stops a lead when ', 'stops every lead'], step.rule_set, names),
        terms: [
          [
            words('which ends as '),
            value(step.outcome || 'failure'),
            ...(step.reason ? [words(' with the reason '), value(step.reason)] : []),
          ],
        ],
      };
    case 'recipient':
      return sayDelivery(step, names);
    case 'distribution': {
      const { method, recipients = [], max_sales: most } = step;
      const on = recipients.filter(({ enabled }) => enabled !== false);
      const label = METHODS[method]?.label ?? method;
      return {
        does: [
          words('offers a lead to '),
          ...(on.length === 0 ? [words('nobody')] : list(on.map((each, place) => nameOfCandidate(each, place)))),
        ],
        terms: [[words(label.charAt(0).toLowerCase() + label.slice(1))], [words(saySales(method, most))]],
      };
    }
  }
}

function saySales(method: string, most: number | undefined): string {
  if (most === undefined) return method === 'send_all' ? 'and sells it to all that take it' : 'and sells it once';
  return most === 1 ? 'and sells it once' : `and sells it up to ${most} times`;
}

/** The same of one that gets leads: of a step, or of a recipient of a distribution. */
export function sayDelivery(step: RecipientStep | Candidate, names: Names): SaidStep {
  const caps = listCaps(step.caps, names);
  const price = sayPrices(step.pricing, names, 'the price that it answers');
  const hours =
    'hours_of_operation' in step ? describeHours(step.hours_of_operation, { timeZone: names.timeZone }) : null;
  const feedback = [
    ...(step.feedback?.returns?.enabled === true ? ['returns'] : []),
    ...(step.feedback?.conversions?.enabled === true ? ['conversions'] : []),
  ];
  return {
    does: sayGiven(['gets a lead when ', 'gets every lead'], step.rule_set, names),
    terms: [
      ...(caps.length === 0 ? [] : [[words('at most '), ...caps]]),
      ...(hours === null ? [] : [[words('takes leads '), value(hours)]]),
      ...(price === null ? [] : [[words('pays '), ...price]]),
      ...(step.retry_enabled ? [[words('is tried again when it fails')]] : []),
      ...(feedback.length === 0 ? [] : [[words(`may send ${feedback.join(' and ')}`)]]),
    ],
  };
}

function sayGiven([some, all]: readonly [string, string], ruleSet: RuleSet | null | undefined, names: Names): Said[] {
  const rules = sayRuleSet(ruleSet, names);
  return rules.length === 0 ? [words(all)] : [words(some), ...rules];
}

/** Spec behaviour 3.1: recipients that refuse a lead do not change how it ends. */
function sayEnd({ steps }: FlowDocument): Said[] {
  const isFiltered = steps.some(({ type, enabled }) => type === 'filter' && enabled !== false);
  return [
    words(
      isFiltered
        ? 'A lead that no filter stops ends as a success, whatever recipients answer.'
        : 'A lead that was taken ends as a success, whatever recipients answer.',
    ),
  ];
}

function sayDestinations({ destinations }: FlowDocument): Said[][] {
  const count = destinations?.length ?? 0;
  if (count === 0) return [];
  return [[words(`Then ${count === 1 ? 'a destination gets' : `${count} destinations get`} a copy of it.`)]];
}

function words(text: string): Said {
  return { kind: 'words', text };
}

function name(text: string): Said {
  return { kind: 'field', text };
}

function value(text: string): Said {
  return { kind: 'value', text };
}

/** `A, B and C`, `A, B, C and 4 more`. */
function list(texts: readonly string[]): Said[] {
  const shown = texts.slice(0, NAMES_MAX);
  const more = texts.length - shown.length;
  const said = shown.flatMap((text, index) => {
    if (index === 0) return [name(text)];
    return [words(index === shown.length - 1 && more === 0 ? ' and ' : ', '), name(text)];
  });
  return more === 0 ? said : [...said, words(` and ${more} more`)];
}
