import {
  type FlowDocument,
  LIST_CHECK_NAMES,
  type ListCheck,
  type ListCheckName,
  type ListChecks,
  type LookbackInterval,
} from '../../../../src/model/flow.ts';

/** What each check looks for, and the variable that it sets. */
export const CHECKS: Readonly<Record<ListCheckName, { title: string; word: string; variable: string }>> = {
  duplicate: { title: 'Duplicates', word: 'duplicates', variable: 'suppressionlist.is_duplicate' },
  existing_customer: {
    title: 'Existing customers',
    word: 'existing customers',
    variable: 'suppressionlist.is_existing_customer',
  },
  dnc: { title: 'Do not call', word: 'do not call', variable: 'suppressionlist.is_dnc' },
};

/** `duplicates of 30 days, do not call`; null: nothing is looked up. */
export function describeListChecks(checks: ListChecks | null | undefined): string | null {
  const words = LIST_CHECK_NAMES.flatMap((name) => {
    const check = checks?.[name];
    return check === null || check === undefined ? [] : [`${CHECKS[name].word}${describeLookback(check)}`];
  });
  if (words.length === 0) return null;
  const sentence = words.join(', ');
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

function describeLookback({ lookback }: ListCheck): string {
  return lookback === null || lookback === undefined ? '' : ` of ${describeLength(lookback)}`;
}

/** `30 days`, `1 hour`. */
export function describeLength({ value, interval }: { value: number; interval: LookbackInterval }): string {
  return value === 1 ? `1 ${interval}` : `${value} ${interval}s`;
}

/**
 * Does any rule or template of the flow read what a check found? A check sets a variable and nothing else: without a rule it
 * turns no lead away.
 */
export function isCheckRead(document: FlowDocument, name: ListCheckName): boolean {
  const { list_checks: _checks, ...others } = document;
  const by = `suppressionlist.${name === 'duplicate' ? 'duplicate_by' : name === 'dnc' ? 'dnc_by' : 'existing_customer_by'}`;
  const text = JSON.stringify(others);
  return text.includes(CHECKS[name].variable) || text.includes(by);
}
