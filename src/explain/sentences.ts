import type { MeasuredOperator } from '../rules/rule-distance.ts';

/**
 * Every sentence of an explanation, in English. The parts are texts ready to be shown, see `wording.ts`; a sentence of
 * another language would be another table with these names.
 */
export const SENTENCES = {
  lead: ({ id, source, flow, time }: { id: string; time: string; source: string; flow: string }) =>
    `Lead ${id} came from ${source} to the flow ${flow} at ${time}.`,

  inner: ({ flow, lead, outer }: { flow: string; lead: string; outer: string }) =>
    `It was delivered here by the flow ${flow}, where it is the lead ${lead}${outer}.`,
  routed: ({ router, route }: { router: string; route: string }) =>
    `The route ${route} of the router ${router} chose this flow and this source.`,

  accepted: () => 'The lead was accepted: nothing stopped it.',
  ended: ({ outcome, where, why }: { outcome: string; where: string; why: string }) =>
    `The lead ${outcome} ${where}: ${why}`,
  endedSomewhere: ({ outcome }: { outcome: string }) => `The lead ${outcome}.`,
  answered: ({ outcome, reason }: { outcome: string; reason: string | null }) =>
    `The sender got the answer "${outcome}"${reason === null ? '' : ` with the reason ${reason}`}.`,
  recorded: ({ outcome, reason }: { outcome: string; reason: string | null }) =>
    `It is recorded as "${outcome}"${reason === null ? '' : ` with the reason ${reason}`}; the answer to its sender is not recorded.`,
  unknown: () => 'The decisions of the phases are unknown: they were not stored or have been deleted.',
  interrupted: () => 'The server stopped while it processed the lead. This happened before it stopped:',

  flowOff: ({ flow }: { flow: string }) => `The flow ${flow} is switched off and takes no leads.`,
  outsideHours: ({ time, day, hours }: { time: string; day: string; hours: string | null }) =>
    `It arrived at ${time}, a ${day}; ${hours === null ? 'the flow is closed on that day' : `the flow is open from ${hours} on that day`}.`,
  capFull: ({
    cap,
    taken,
    maximum,
    held,
    frees,
  }: {
    cap: string;
    taken: number;
    maximum: number;
    held: number;
    frees: string | null;
  }) =>
    `${cap} was full (${taken} of ${maximum}${held > 0 ? `, ${held} of them held by leads in process or in retry` : ''})${frees === null ? '' : `; it has room again at ${frees}`}.`,
  capShort: ({
    cap,
    amount,
    left,
    most,
    held,
    frees,
  }: {
    cap: string;
    amount: string;
    left: string;
    most: string;
    held: string | null;
    frees: string | null;
  }) =>
    `${cap} had no room for ${amount} dollars: ${left} of ${most} were left${held === null ? '' : `, ${held} were held by leads in process or in retry`}${frees === null ? '' : `; it has room again at ${frees}`}.`,
  capShut: ({ cap }: { cap: string }) => `${cap} takes no leads: its maximum is 0.`,
  noneHeld: ({ clauses }: { clauses: string }) => `At least one of these rules had to pass, and none did: ${clauses}.`,
  only: ({ reason }: { reason: string }) => `The reason given was ${reason}.`,

  onList: ({
    list,
    since,
    holder,
    check,
    value,
  }: {
    check: string;
    /** The name of the value, of a check that has several. */
    value: string | null;
    list: string;
    since: string | null;
    holder: ListHolderNamed | null;
  }) =>
    `${value === null ? 'It' : `Its ${value}`} was on the list ${list}${since === null ? heldBy(holder) : ` since ${since}`}: ${check}.`,
  notOnList: ({ list, check }: { check: string; list: string }) => `It was not on the list ${list}: ${check}.`,

  noneOnList: ({ list, check, values }: { check: string; list: string; values: string }) =>
    `None of ${values} was on the list ${list}: ${check}.`,

  cost: ({ isOwed, amount, by }: { amount: string; isOwed: boolean; by: string }) =>
    `It ${isOwed ? 'cost' : 'would have cost'} ${amount} (${by}).`,
  noPrice: () => 'No price matched, so it cost nothing.',
  criteriaMet: ({ owner, clauses }: { owner: string; clauses: string }) =>
    `It met the acceptance criteria of the ${owner}: ${clauses}.`,

  ruleHeld: ({ place, rule, left, distance }: { place: string; rule: string; left: string; distance: string }) =>
    `${place}: ${rule} passed; it was ${left}${distance}.`,
  ruleFailed: ({ place, rule, left, distance }: { place: string; rule: string; left: string; distance: string }) =>
    `${place}: ${rule} failed; it was ${left}${distance}.`,
  rules: () => 'Rule by rule:',
  moreRules: ({ count }: { count: number }) => `And ${count} more rules.`,

  stepOff: ({ step }: { step: string }) => `${step} is switched off.`,
  stepNotReached: ({ step }: { step: string }) => `${step} was not reached.`,
  offered: ({ place, isTurn }: { place: number; isTurn: boolean }) =>
    `It was offer ${place} of the distribution${isTurn ? ', by turn' : ''}.`,
  notOffered: ({ step, why }: { step: string; why: string }) => `${step} was not offered the lead: ${why}`,
  didNotGet: ({ step, why }: { step: string; why: string }) => `${step} did not get the lead: ${why}`,
  notNeeded: ({ step, sales }: { step: string; sales: number }) =>
    sales === 0
      ? `${step} was not reached.`
      : `${step} was not offered the lead, because it was sold ${sales === 1 ? 'before' : `${sales} times before`}.`,
  criteriaFailed: () => 'its criteria were not met.',
  closed: () => 'it was outside its hours of operation.',
  filterPassed: ({ step, clauses }: { step: string; clauses: string | null }) =>
    `${step} let it pass${clauses === null ? '' : `: ${clauses}`}.`,
  skipped: ({ step, why }: { step: string; why: string }) => `${step} was skipped: ${why}`,
  sold: ({ step, amount }: { step: string; amount: string | null }) =>
    `${step} delivered it${amount === null ? '' : ` and earned ${amount}`}.`,
  isThere: ({ flow, lead }: { flow: string; lead: string }) => `In the flow ${flow} it is the lead ${lead}.`,
  refused: ({ step, reason }: { step: string; reason: string }) =>
    `${step} delivered it, and the recipient refused it: ${reason}.`,
  failed: ({ step, reason }: { step: string; reason: string }) => `${step} could not deliver it: ${reason}.`,
  doubtful: ({ step, reason, isSentAgain }: { step: string; reason: string; isSentAgain: boolean }) =>
    `${step} sent it, but it is unknown whether it arrived: ${reason}. ${isSentAgain ? 'It will be sent again with the same idempotency key' : 'It will not be sent again'}.`,
  triedAgain: ({ count, time, ended }: { count: number; time: string; ended: string }) =>
    `It was tried again ${count === 1 ? 'once' : `${count} times`}; ${count === 1 ? 'that attempt' : 'the last attempt'}, at ${time}, ${ended}.`,
  resolved: ({ time, isDelivered, amount }: { time: string; isDelivered: boolean; amount: string | null }) =>
    `At ${time} it was resolved as ${isDelivered ? 'delivered' : 'not delivered'}${amount === null ? '' : ` and earned ${amount}`}.`,
  feedback: ({
    time,
    recipient,
    isReturn,
    reason,
    end,
  }: {
    time: string;
    recipient: string;
    isReturn: boolean;
    reason: string | null;
    end: string;
  }) =>
    `At ${time} ${recipient} ${isReturn ? 'returned the lead' : 'reported a conversion'}${reason === null ? '' : ` with the reason ${reason}`}; ${end}.`,
  moreFeedback: ({ count, isAll }: { count: number; isAll: boolean }) =>
    `Recipients sent ${isAll ? '' : 'at least '}${count} more feedbacks before these:`,
  filed: ({ file, end }: { file: string; end: string }) => `It is in the file ${file}, which ${end}.`,
  soldLater: () => 'A delivery succeeded after the sender got its answer, so that answer no longer describes the lead.',
} as const;

/** What became of a bid. */
export const BIDS = {
  none: ({ fault, reason }: { fault: string; reason: string | null }) =>
    `no bid: it ${fault}${reason === null ? '' : `, with the reason ${reason}`}.`,
  late: ({ ms }: { ms: number }) => `late: no bid within ${ms} ms.`,
  belowMinimum: ({ price, by }: { price: string; by: string }) =>
    `its bid of ${price} is below the minimum price by ${by}.`,
  belowMargin: ({ price, by }: { price: string; by: string }) =>
    `its bid of ${price} is too low for the margin by ${by}.`,
  lost: ({ price, to }: { price: string; to: string }) => `its bid of ${price} lost to ${to}.`,
  offeredAt: ({ price, isOfPing }: { price: string; isOfPing: boolean }) =>
    `Its bid${isOfPing ? ' during the ping' : ''} was ${price}.`,
  wouldHaveWon: ({ price }: { price: string }) => `Its bid of ${price} would have won, but its cap was full by then.`,
} as const;

/** What became of a ping. */
export const PINGS = {
  came: ({ id, source, flow, time }: { id: string; time: string; source: string; flow: string }) =>
    `Ping ${id} came from ${source} to the flow ${flow} at ${time}.`,
  priced: ({ amount, until }: { amount: string; until: string }) =>
    `It was answered with the price ${amount}, which holds until ${until}.`,
  refused: ({ reason, where }: { reason: string; where: string | null }) =>
    `It was refused${where === null ? '' : ` ${where}`}, with the reason ${reason}.`,
  pricedBy: ({ by }: { by: string }) => `The price was decided by this: ${by}.`,
  redeemed: ({ lead, time }: { lead: string | null; time: string }) =>
    `${lead === null ? 'A lead' : `Lead ${lead}`} has its price since ${time}.`,
  redeeming: ({ lead }: { lead: string | null }) =>
    `${lead === null ? 'A lead' : `Lead ${lead}`} is being processed with its price.`,
  expired: () => 'No lead took the price while it held.',
  open: () => 'No lead has taken the price so far.',
  best: ({ step, price }: { step: string; price: string }) => `${step} made the best bid: ${price}.`,
  notBest: ({ step, why }: { step: string; why: string }) => `${step} did not make the best bid: ${why}`,
  notAsked: ({ step, why }: { step: string; why: string }) => `${step} was not asked for a bid: ${why}`,
  off: () => 'it is switched off.',
  behind: () => 'those that are asked before it had made a bid.',
  unknown: () => 'Its decisions are unknown: they were not stored.',
} as const;

/** How a later attempt of a delivery ended. */
export const ATTEMPTS = {
  sold: ({ amount }: { amount: string | null }) => `delivered it${amount === null ? '' : ` and earned ${amount}`}`,
  refused: ({ why }: { why: string }) => `delivered it, and the recipient refused it: ${why}`,
  failed: ({ why }: { why: string }) => `failed too: ${why}`,
  skipped: ({ why }: { why: string }) => `was not made: ${why}`,
  doubtful: ({ why }: { why: string }) => `sent it, but it is unknown whether it arrived: ${why}`,
} as const;

/** What became of a feedback. */
export const FEEDBACK_ENDS = {
  rules: ({ isAccepted, why }: { isAccepted: boolean; why: string }) =>
    isAccepted ? 'it was accepted at once' : `the flow refused it: ${why}`,
  person: ({ isAccepted }: { isAccepted: boolean }) => `a person ${isAccepted ? 'accepted' : 'declined'} it`,
  deadline: ({ isAccepted }: { isAccepted: boolean }) =>
    `it was ${isAccepted ? 'accepted' : 'declined'} when its deadline had passed`,
  source: ({ isAccepted, why }: { isAccepted: boolean; why: string }) =>
    isAccepted ? 'the source accepted it' : `the source declined it: ${why}`,
  unanswered: () => 'the source did not answer',
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
  cap: ({ owner }: { owner: string }) => `by a cap of the ${owner}`,
  hours: () => 'by the hours of operation',
  criteria: ({ owner }: { owner: string }) => `by the acceptance criteria of the ${owner}`,
  step: ({ step }: { step: string }) => `by ${step.charAt(0).toLowerCase()}${step.slice(1)}`,
  phase: ({ phase }: { phase: string }) => `in the phase ${phase}`,
  destination: ({ name, action }: { name: string; action: string }) => `The destination ${name} (action ${action})`,
  stepName: ({ name, place, kind }: { place: number; kind: string; name: string | null }) =>
    name === null ? `Step ${place} (a ${kind})` : `Step ${place} (the ${kind} ${name})`,
} as const;

/** Where a rule stands. */
export const RULE_PLACES = {
  caps: ({ owner }: { owner: string }) => `Caps of the ${owner}`,
  pricing: ({ place, owner }: { owner: string; place: number }) => `Price ${place} of the ${owner}`,
  acceptance_criteria: ({ owner }: { owner: string }) => `Acceptance criteria of the ${owner}`,
  step: ({ place, part }: { place: number; part: string | null }) => `Step ${place}${part === null ? '' : `, ${part}`}`,
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
  ping: (_: PriceOf) => 'the price that its ping was answered with',
  bid: (_: PriceOf) => 'what the best bid leaves above the margin',
  fallback: ({ owner }: PriceOf) => `the fallback price of the ${owner}, whose pricing service gave no price`,
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
  needs: ({ label, left, needs, distance }: { label: string; left: string; needs: string; distance: string }) =>
    `${label} was ${left}; ${needs} is needed${distance}`,
  must: ({ label, must, left }: { label: string; must: string; left: string }) => `${label} ${must}; it was ${left}`,
  was: ({ label, left }: { label: string; left: string }) => `${label} was ${left}`,
  wasAsNeeded: ({ label, left, op }: { label: string; left: string; op: string }) =>
    `${label} was ${left} (needed: ${subjectOf(op)} ${op})`,
  wasAsSought: ({ label, left, op }: { label: string; left: string; op: string }) =>
    `${label} was ${left} (it stops leads when ${subjectOf(op)} ${op})`,
  writtenAs: ({ name, written }: { name: string; written: string }) => `${name} (written ${written})`,
  numbered: ({ place, clause }: { place: number; clause: string }) => `(${place}) ${clause}`,
  more: ({ count }: { count: number }) => `and ${count} more`,
  empty: () => 'empty',
} as const;

/** `it is equal to TX`, `its format is valid`. */
function subjectOf(op: string): string {
  return op.startsWith('format') ? 'its' : 'it';
}

/** What would have let a lead go on. */
export const CHANGES = {
  rule: ({ label, asked }: { label: string; asked: string }) => `A lead whose ${label} ${asked} passes this rule.`,
  filter: ({ label, asked }: { label: string; asked: string }) => `The filter lets a lead on whose ${label} ${asked}.`,
  list: ({ needed }: { needed: string }) => `It passes when ${needed}.`,
  afterCap: ({ time }: { time: string }) => `The cap has room again at ${time}.`,
  higherCap: ({ maximum }: { maximum: number }) => `A maximum above ${maximum} would have left room.`,
  openHours: () => 'A lead that arrives within the hours of operation passes.',
  flowOn: ({ flow }: { flow: string }) => `The flow ${flow} takes leads again once it is switched on.`,
} as const;
