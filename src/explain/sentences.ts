import type { MeasuredOperator } from '../rules/rule-distance.ts';

/**
 * Every sentence of an explanation, in English. The parts are texts ready to be shown, see `wording.ts`; a sentence of
 * another language would be another table with these names.
 */
export const SENTENCES = {
  lead: (at: { id: string; time: string; source: string; flow: string }) =>
    `Lead ${at.id} came from ${at.source} to the flow ${at.flow} at ${at.time}.`,

  accepted: () => 'The lead was accepted: nothing stopped it.',
  ended: (at: { outcome: string; where: string; why: string }) => `The lead ${at.outcome} ${at.where}: ${at.why}`,
  endedSomewhere: (at: { outcome: string }) => `The lead ${at.outcome}.`,
  answered: (at: { outcome: string; reason: string | null }) =>
    `The sender got the answer "${at.outcome}"${at.reason === null ? '' : ` with the reason ${at.reason}`}.`,
  recorded: (at: { outcome: string; reason: string | null }) =>
    `It is recorded as "${at.outcome}"${at.reason === null ? '' : ` with the reason ${at.reason}`}; the answer to its sender is not recorded.`,
  unknown: () => 'The decisions of the phases are unknown: they were not stored or have been deleted.',
  interrupted: () => 'The server stopped while it processed the lead. This happened before it stopped:',

  flowOff: (at: { flow: string }) => `The flow ${at.flow} is switched off and takes no leads.`,
  outsideHours: (at: { time: string; day: string; hours: string | null }) =>
    `It arrived at ${at.time}, a ${at.day}; ${at.hours === null ? 'the flow is closed on that day' : `the flow is open from ${at.hours} on that day`}.`,
  capFull: (at: { cap: string; taken: number; maximum: number; held: number; frees: string | null }) =>
    `${at.cap} was full (${at.taken} of ${at.maximum}${at.held > 0 ? `, ${at.held} of them held by leads in process or in retry` : ''})${at.frees === null ? '' : `; it has room again at ${at.frees}`}.`,
  capShut: (at: { cap: string }) => `${at.cap} takes no leads: its maximum is 0.`,
  noneHeld: (at: { clauses: string }) => `At least one of these rules had to pass, and none did: ${at.clauses}.`,
  only: (at: { reason: string }) => `The reason given was ${at.reason}.`,

  onList: (at: { check: string; list: string; since: string | null; holder: ListHolderNamed | null }) =>
    `It was on the list ${at.list}${at.since === null ? heldBy(at.holder) : ` since ${at.since}`}: ${at.check}.`,
  notOnList: (at: { check: string; list: string }) => `It was not on the list ${at.list}: ${at.check}.`,

  cost: (at: { amount: string; isOwed: boolean; by: string }) =>
    `It ${at.isOwed ? 'cost' : 'would have cost'} ${at.amount} (${at.by}).`,
  noPrice: () => 'No price matched, so it cost nothing.',
  criteriaMet: (at: { owner: string; clauses: string }) =>
    `It met the acceptance criteria of the ${at.owner}: ${at.clauses}.`,

  ruleHeld: (at: { place: string; rule: string; left: string; distance: string }) =>
    `${at.place}: ${at.rule} passed; it was ${at.left}${at.distance}.`,
  ruleFailed: (at: { place: string; rule: string; left: string; distance: string }) =>
    `${at.place}: ${at.rule} failed; it was ${at.left}${at.distance}.`,
  rules: () => 'Rule by rule:',
  moreRules: (at: { count: number }) => `And ${at.count} more rules.`,

  stepOff: (at: { step: string }) => `${at.step} is switched off.`,
  stepNotReached: (at: { step: string }) => `${at.step} was not reached.`,
  filterPassed: (at: { step: string; clauses: string | null }) =>
    `${at.step} let it pass${at.clauses === null ? '' : `: ${at.clauses}`}.`,
  skipped: (at: { step: string; why: string }) => `${at.step} was skipped: ${at.why}`,
  sold: (at: { step: string; amount: string | null }) =>
    `${at.step} delivered it${at.amount === null ? '' : ` and earned ${at.amount}`}.`,
  refused: (at: { step: string; reason: string }) =>
    `${at.step} delivered it, and the recipient refused it: ${at.reason}.`,
  failed: (at: { step: string; reason: string }) => `${at.step} could not deliver it: ${at.reason}.`,
  doubtful: (at: { step: string; reason: string; isSentAgain: boolean }) =>
    `${at.step} sent it, but it is unknown whether it arrived: ${at.reason}. ${at.isSentAgain ? 'It will be sent again with the same idempotency key' : 'It will not be sent again'}.`,
  triedAgain: (at: { count: number; time: string; ended: string }) =>
    `It was tried again ${at.count === 1 ? 'once' : `${at.count} times`}; ${at.count === 1 ? 'that attempt' : 'the last attempt'}, at ${at.time}, ${at.ended}.`,
  resolved: (at: { time: string; isDelivered: boolean; amount: string | null }) =>
    `At ${at.time} it was resolved as ${at.isDelivered ? 'delivered' : 'not delivered'}${at.amount === null ? '' : ` and earned ${at.amount}`}.`,
  soldLater: () => 'A delivery succeeded after the sender got its answer, so that answer no longer describes the lead.',
} as const;

/** How a later attempt of a delivery ended. */
export const ATTEMPTS = {
  sold: (at: { amount: string | null }) => `delivered it${at.amount === null ? '' : ` and earned ${at.amount}`}`,
  refused: (at: { why: string }) => `delivered it, and the recipient refused it: ${at.why}`,
  failed: (at: { why: string }) => `failed too: ${at.why}`,
  skipped: (at: { why: string }) => `was not made: ${at.why}`,
  doubtful: (at: { why: string }) => `sent it, but it is unknown whether it arrived: ${at.why}`,
} as const;

interface ListHolderNamed {
  lead: string;
  isRetried: boolean;
}

function heldBy(holder: ListHolderNamed | null): string {
  if (holder === null) return ', held by a lead that was still in process';
  const why = holder.isRetried ? 'whose delivery was still being retried' : 'which was still in process';
  return `, held by lead ${holder.lead}, ${why}`;
}

/** Which decision ended a lead, after what became of it; and what decisions are called. */
export const WHERE = {
  flow: () => 'by the flow itself',
  cap: (at: { owner: string }) => `by a cap of the ${at.owner}`,
  hours: () => 'by the hours of operation',
  criteria: (at: { owner: string }) => `by the acceptance criteria of the ${at.owner}`,
  step: (at: { step: string }) => `by ${at.step.charAt(0).toLowerCase()}${at.step.slice(1)}`,
  phase: (at: { phase: string }) => `in the phase ${at.phase}`,
  destination: (at: { name: string; action: string }) => `The destination ${at.name} (action ${at.action})`,
  stepName: (at: { place: number; kind: string; name: string | null }) =>
    at.name === null ? `Step ${at.place} (a ${at.kind})` : `Step ${at.place} (the ${at.kind} ${at.name})`,
} as const;

/** Where a rule stands. */
export const RULE_PLACES = {
  caps: (at: { owner: string }) => `Caps of the ${at.owner}`,
  pricing: (at: { owner: string; place: number }) => `Price ${at.place} of the ${at.owner}`,
  acceptance_criteria: (at: { owner: string }) => `Acceptance criteria of the ${at.owner}`,
  step: (at: { place: number; part: string | null }) => `Step ${at.place}${at.part === null ? '' : `, ${at.part}`}`,
} as const;

/** Parts of a step that have rules of their own. */
export const STEP_PARTS: ReadonlyMap<string, string> = new Map([
  ['caps', 'caps'],
  ['pricing', 'prices'],
  ['integration', 'mappings'],
]);

interface PriceOf {
  owner: string;
  /** The price's place among those of its owner, from 1. */
  place: number;
  others: readonly number[];
}

/** Which price won, and which others matched. */
export const PRICED_BY = {
  rule: ({ owner, place, others }: PriceOf) =>
    others.length === 0
      ? `price ${place} of the ${owner} matched`
      : `price ${place} of the ${owner} matched last; ${others.length === 1 ? 'price' : 'prices'} ${others.join(', ')} matched too`,
  override: (_: PriceOf) => 'the price that was submitted with it',
  service: ({ owner }: PriceOf) => `the price of the ${owner}'s pricing service`,
  fallback: ({ owner }: PriceOf) => `the fallback price of the ${owner}, whose pricing service did not answer`,
} as const;

export const CAP_NAMES = {
  of: ({ name, duration, units }: { name: string | null; duration: number; units: string }) => {
    const length = (duration === 1 ? PERIODS.get(units) : undefined) ?? `${duration}-${units}`;
    return name === null ? `The ${length} cap` : `The ${length} cap ${name}`;
  },
  unknown: ({ name }: { name: string | null }) => (name === null ? 'The cap' : `The cap ${name}`),
} as const;

const PERIODS: ReadonlyMap<string, string> = new Map([
  ['month', 'monthly'],
  ['week', 'weekly'],
  ['day', 'daily'],
  ['hour', 'hourly'],
]);

/** What became of a lead, after "The lead". */
export const ENDINGS = {
  success: 'was accepted',
  failure: 'was rejected',
  error: 'was stopped with an error',
} as const;

/** What being on a list means, and what not. */
export const LIST_CHECKS: ReadonlyMap<string, { found: string; missing: string }> = new Map([
  ['duplicate', { found: 'the lead is a duplicate', missing: 'the lead is not a duplicate' }],
  ['existing_customer', { found: 'the lead is an existing customer', missing: 'the lead is not an existing customer' }],
  ['dnc', { found: 'the lead must not be called', missing: 'the lead may be called' }],
]);

/** Variables that say what a list check found: the check. */
export const FOUND_BY: ReadonlyMap<string, string> = new Map([
  ['suppressionlist.is_duplicate', 'duplicate'],
  ['suppressionlist.is_existing_customer', 'existing_customer'],
  ['suppressionlist.is_dnc', 'dnc'],
]);

/** What a recipient said, by the property its answer is appended under. */
export const ANSWERS: ReadonlyMap<string, (recipient: string) => string> = new Map([
  ['outcome', (recipient) => `The outcome at ${recipient}`],
  ['reason', (recipient) => `The reason of ${recipient}`],
  ['price', (recipient) => `The price of ${recipient}`],
]);

interface Needs {
  amount(right: string): string;
  moment(right: string): string;
}

/** What a comparison needs, by the scale of its sides. Equality says it as it says of texts: `must be equal to`. */
const NEEDS_BY_OPERATOR: Readonly<Record<Exclude<MeasuredOperator, 'is equal to'>, Needs>> = {
  'is less than': { amount: (right) => `less than ${right}`, moment: (right) => `a time before ${right}` },
  'is less than or equal to': { amount: (right) => `${right} or less`, moment: (right) => `${right} or earlier` },
  'is greater than': { amount: (right) => `more than ${right}`, moment: (right) => `a time after ${right}` },
  'is greater than or equal to': { amount: (right) => `${right} or more`, moment: (right) => `${right} or later` },
  'is between': { amount: (right) => `a value in ${right}`, moment: (right) => `a time in ${right}` },
};

export const NEEDS: ReadonlyMap<string, Needs> = new Map(Object.entries(NEEDS_BY_OPERATOR));

/** Clauses about one rule; they begin with a capital where they can begin a sentence. */
export const CLAUSES = {
  needs: (at: { label: string; left: string; needs: string; distance: string }) =>
    `${at.label} was ${at.left}; ${at.needs} is needed${at.distance}`,
  must: (at: { label: string; must: string; left: string }) => `${at.label} ${at.must}; it was ${at.left}`,
  was: (at: { label: string; left: string }) => `${at.label} was ${at.left}`,
  wasAsNeeded: (at: { label: string; left: string; op: string }) =>
    `${at.label} was ${at.left} (needed: ${subjectOf(at.op)} ${at.op})`,
  wasAsSought: (at: { label: string; left: string; op: string }) =>
    `${at.label} was ${at.left} (it stops leads when ${subjectOf(at.op)} ${at.op})`,
  writtenAs: (at: { name: string; written: string }) => `${at.name} (written ${at.written})`,
  numbered: (at: { place: number; clause: string }) => `(${at.place}) ${at.clause}`,
  more: (at: { count: number }) => `and ${at.count} more`,
  empty: () => 'empty',
} as const;

/** `it is equal to TX`, `its format is valid`. */
function subjectOf(op: string): string {
  return op.startsWith('format') ? 'its' : 'it';
}
