import { appendKeyOf } from '../model/append-key.ts';
import type { RecipientStep } from '../model/flow.ts';
import { isPriceGiven, moneyFrom } from '../model/money.ts';
import type { Problem } from '../model/problem.ts';
import type { LintContext } from './lint-context.ts';
import { deliveringSteps } from './module-variables.ts';

/** Settings of custom deliveries that are taken and change nothing, or do something else than they seem to. */
export function settingsWithoutEffect(context: LintContext): Problem[] {
  return deliveringSteps(context).flatMap(({ path, step, module }) => {
    const readsPrices = module.requestVariables.some(({ name }) => name === 'price_path');
    if (!readsPrices) return [];
    const mapped = new Map(
      step.integration.mappings.map(({ property, value }, at) => [
        property,
        { value: typeof value === 'string' ? value : '', at },
      ]),
    );
    return EFFECTS.flatMap(({ property, why }): Problem[] => {
      const mapping = mapped.get(property);
      const message =
        mapping &&
        why({
          step,
          value: mapping.value,
          has: (name) => mapped.has(name),
          isPriceRead: () => isPriceRead(context, step),
        });
      if (mapping === undefined || message === undefined) return [];
      return [{ path: `${path}.integration.mappings.${mapping.at}`, message }];
    }).concat(overrideProblems(step, { path, mapped }));
  });
}

interface Setting {
  step: RecipientStep;
  value: string;
  has(property: string): boolean;
  /** Whether a rule or a template of the flow reads the price that the step appends. */
  isPriceRead(): boolean;
}

/** By property: why it has no effect; undefined: it has one. */
const EFFECTS: readonly { property: string; why(setting: Setting): string | undefined }[] = [
  {
    property: 'outcome_search_path',
    why: ({ has }) =>
      has('outcome_search_term') || has('outcome_on_match')
        ? undefined
        : 'outcome_search_path has no effect without outcome_search_term: every answer is a success.',
  },
  {
    property: 'reason_path',
    why: ({ step, value }) =>
      step.integration.module_id.endsWith('.xml') && ELEMENT_PATH.test(value.trim())
        ? `${value.trim()} gives the markup of the element: write ${value.trim()}/text() for its text.`
        : undefined,
  },
  {
    property: 'price_path',
    why: ({ step, isPriceRead }) =>
      'bid' in step || step.pricing || isPriceRead()
        ? undefined
        : 'price_path is read and shown, but no price is booked: the step sells for 0. Turn on "override" in its pricing.',
  },
  {
    property: 'fallback_price',
    why: ({ value }) =>
      value.includes('{{') || !isPriceGiven(value) || moneyFrom(value) !== undefined
        ? undefined
        : 'fallback_price is not an amount of US dollars, so it is 0: write it like 12.50.',
  },
];

function isPriceRead({ reads }: LintContext, step: RecipientStep): boolean {
  const key = appendKeyOf(step);
  return reads.some(({ segments }) => segments[0] === key && segments[1] === 'price');
}

/** An absolute XPath whose last step is an element. */
const ELEMENT_PATH = /^\/{1,2}[\w:.-]+(?:\/{1,2}[\w:.-]+)*$/;

/** A custom delivery has no price of its own: without these two it is always 0. */
function overrideProblems(
  step: RecipientStep,
  { path, mapped }: { path: string; mapped: ReadonlyMap<string, unknown> },
): Problem[] {
  if (step.pricing?.override !== true || mapped.has('price_path') || mapped.has('fallback_price')) return [];
  const message =
    '"override" takes the recipient’s price, and no mapping says where it is: map price_path or fallback_price.';
  return [{ path: `${path}.pricing`, message }];
}
