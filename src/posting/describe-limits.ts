import type { Cap } from '../model/cap.ts';
import type { FlowDocument, HoursOfOperation, Source, Weekday } from '../model/flow.ts';
import type { Price } from '../model/pricing.ts';
import { compileHoursOfOperation, OUTSIDE_HOURS_REASON } from '../rules/hours-of-operation.ts';
import { readCondition } from './conditions.ts';
import { describeCondition } from './describe-conditions.ts';
import type { NameVariable } from './name-variables.ts';
import type { PostingCap, PostingHours, PostingPrice, PostingRule } from './posting-page.ts';

const WEEKDAYS: readonly Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** When the flow takes leads; null: at any time. `timeZone` is the account's. */
export function describeHours(
  hours: HoursOfOperation | null | undefined,
  { timeZone, now }: { timeZone: string; now: number },
): PostingHours | null {
  if (!hours || hours.enabled === false) return null;
  // What is malformed keeps a flow from being deployed; of one that is not, nobody depends on the hours.
  const compiled = compileHoursOfOperation(hours, { path: 'hours_of_operation', timeZone, problems: [] });
  return {
    time_zone: hours.time_zone ?? timeZone,
    is_open_now: compiled.isOpenAt(now),
    days: WEEKDAYS.map((day) => ({
      day,
      periods: (hours.days?.[day] ?? []).map(({ start, end }) => ({ start, end })),
    })),
    sentence: `A lead that is posted outside these hours is a failure with the reason "${OUTSIDE_HOURS_REASON}".`,
  };
}

/** The caps of the flow and the source that count leads; those of dollars only together with prices. */
export function describeCaps(
  { document, source }: { document: FlowDocument; source: Source },
  { timeZone, nameVariable, showsPrices }: { timeZone: string; nameVariable: NameVariable; showsPrices: boolean },
): PostingCap[] {
  const caps = [...(document.caps ?? []), ...(source.caps ?? [])];
  return caps
    .filter(({ type }) => type === 'volume' || showsPrices)
    .slice(0, CAPS_MAX)
    .map((cap) => describeCap(cap, { timeZone, nameVariable }));
}

const CAPS_MAX = 50;

function describeCap(
  cap: Cap,
  { timeZone, nameVariable }: { timeZone: string; nameVariable: NameVariable },
): PostingCap {
  const { maximum, duration, duration_units: units, type } = cap;
  const zone = cap.time_zone ?? timeZone;
  const what = type === 'volume' ? `${maximum} ${maximum === 1 ? 'lead' : 'leads'}` : `leads for ${maximum} dollars`;
  const span = duration === 1 ? `per ${units}` : `in ${duration} ${units}s`;
  const only = onlyFor(cap.rule_set ?? null, nameVariable);
  return {
    sentence: `At most ${what} ${span} (${zone})${only}.`,
    maximum,
    duration,
    duration_units: units,
    time_zone: zone,
  };
}

function onlyFor(ruleSet: Cap['rule_set'] | null, nameVariable: NameVariable): string {
  if (!ruleSet || ruleSet.rules.length === 0) return '';
  const rule = describeCondition(readCondition(ruleSet), nameVariable);
  return rule === null ? ', of some leads' : `, of leads for which this holds: ${inline(rule)}`;
}

/** What the account pays, where the link shares it. */
export function describePrice(
  { document, source }: { document: FlowDocument; source: Source },
  nameVariable: NameVariable,
): PostingPrice {
  const flowPrices = document.pricing?.prices ?? [];
  const prices = (flowPrices.length > 0 ? flowPrices : (source.pricing?.prices ?? [])).slice(0, PRICES_MAX);
  const isSubmitted = document.pricing?.override === true || source.pricing?.override === true;
  const isAsked = (document.pricing_service ?? source.pricing_service ?? null) !== null;
  const sentences = [
    ...(isSubmitted ? ['The price that you post is taken.'] : []),
    ...(isAsked ? ['A pricing service decides for each lead.'] : []),
    ...(prices.length > 1 ? ['Of several prices the last one that fits counts.'] : []),
    ...(prices.length === 0 && !isSubmitted && !isAsked ? ['No price is set: leads cost nothing.'] : []),
    'Only accepted leads are paid; each answer has the price.',
  ];
  return { prices: prices.map((price) => describePriceRow(price, nameVariable)), sentence: sentences.join(' ') };
}

const PRICES_MAX = 50;

function describePriceRow({ amount, rule_set: ruleSet }: Price, nameVariable: NameVariable) {
  const only = onlyFor(ruleSet ?? null, nameVariable).replace(/^, of leads for/, ' for leads for');
  return { amount, sentence: `${amount.toFixed(2)} dollars per accepted lead${only.replace(/^, of/, ' for')}.` };
}

function inline(rule: PostingRule): string {
  if (rule.kind === 'rule') return rule.sentence.replace(/\.$/, '');
  return rule.rules.map(inline).join(rule.kind === 'any' ? ' or ' : ' and ');
}
