import type { PriceAnswer } from '../credentials/ask-price.ts';
import { starOut } from '../field-types/star-out.ts';
import type { CompiledPricingService } from '../flow-compiler/compiled-flow.ts';
import { dollars, type Money } from '../model/money.ts';
import type { NamedService } from '../pricing/compile-pricing.ts';
import { PRICE_TIMEOUT_MS } from '../pricing/pricing-service.ts';
import { answerReserveMs, deadlineOf } from './deadline.ts';
import { type AskedPrice, routeOf } from './lead-run.ts';
import { scrubberOf } from './lead-scrubber.ts';
import type { PhaseDeps } from './phase.ts';
import type { RunOf } from './phase-access.ts';
import { scrubValues } from './scrub-values.ts';

type PricingRun = RunOf<'pricing'>;

/** Why there is no price where nothing may be sent. */
export const NOT_ASKED = 'is not asked in a simulation';

/** With less left of the source's deadline nothing is asked: no service answers so fast. */
const WORTH_ASKING_MS = 50;
/** A lead that decides again asks again only where what it asks has changed; this often at most. */
export const QUESTIONS_MAX = 4;

/**
 * The price of a pricing service; null: it gave none, and a warning says why. The same question is asked once, however
 * often the lead decides (decision page 0072). Not a promise where nobody has to be waited for.
 */
export function askForPrice(
  run: PricingRun,
  { service, deps }: { service: NamedService; deps: PhaseDeps },
): (Money | null) | Promise<Money | null> {
  const compiled = routeOf(run).flow.pricingServices.get(service.serviceId);
  const question = compiled ? buildQuestion(run, compiled) : '';
  const named = { service, name: compiled?.live.name ?? service.serviceId };
  const known = run.askedPrices.find((each) => each.serviceId === service.serviceId && each.question === question);
  if (known) return useEnd(run, known, named);
  const note = (end: QuestionEnd): Money | null => {
    const asked = { serviceId: service.serviceId, level: service.level, question, ...end };
    run.askedPrices = [...run.askedPrices, asked];
    return useEnd(run, asked, named);
  };
  if (!compiled) return note(buildFailure('does not exist'));
  const { askPrice } = deps;
  if (!askPrice) return note(buildFailure(NOT_ASKED));
  if (run.askedPrices.length >= QUESTIONS_MAX) return note(buildFailure(ASKED_TOO_OFTEN));
  const timeoutMs = timeLeftMs(run, deps);
  if (timeoutMs < WORTH_ASKING_MS) return note(buildFailure(TIME_IS_UP));
  const startedAt = deps.clock.monotonic();
  const asking = askPrice(compiled.live, {
    accountId: routeOf(run).flow.account.id,
    id: `price_${run.leadId}_${run.askedPrices.length + 1}`,
    body: question,
    timeoutMs,
  });
  return asking.then(({ answer }) => note(buildEnd(answer, Math.round(deps.clock.monotonic() - startedAt))));
}

const ASKED_TOO_OFTEN = `was asked ${QUESTIONS_MAX} times for this lead already`;
const TIME_IS_UP = 'was not asked: the time limit of the source is used up';

/** What became of a question. */
type QuestionEnd = Pick<AskedPrice, 'amount' | 'fault' | 'reason' | 'ms'>;

function buildFailure(fault: string): QuestionEnd {
  return { amount: null, fault, reason: null, ms: 0 };
}

function buildEnd(answer: PriceAnswer, ms: number): QuestionEnd {
  if (answer.kind === 'failed') return { ...buildFailure(answer.fault), ms };
  return { amount: answer.amount, fault: null, reason: answer.reason, ms };
}

/** Also when the end is used again: the time was spent, and the decision that stands has the warning. */
function useEnd(
  run: PricingRun,
  { amount, fault, ms }: QuestionEnd,
  { service, name }: { service: NamedService; name: string },
): Money | null {
  run.waitMs += ms;
  if (fault === null) return amount;
  const fallback = dollars(service.fallback);
  run.warnings.push(`The pricing service "${name}" ${fault}: its fallback price of ${fallback} stands.`);
  return null;
}

/** What is left for the service: its own limit, and no more than the deadline of the source leaves. */
function timeLeftMs(run: PricingRun, { clock }: PhaseDeps): number {
  const deadlineMs = deadlineOf(run);
  if (deadlineMs === null) return PRICE_TIMEOUT_MS;
  const leftMs = run.submission.arrivedAt + deadlineMs - answerReserveMs(deadlineMs) - clock.monotonic();
  return Math.min(PRICE_TIMEOUT_MS, leftMs);
}

/** The body as the service gets it. Values of masked fields are asterisks in it. */
function buildQuestion(run: PricingRun, { variables }: CompiledPricingService): string {
  const { flow, source } = routeOf(run);
  const scrub = scrubberOf(run);
  const values = variables.map(({ path, lookup, isSecret }) => {
    const found = lookup(run.vars);
    const value = scrubValues(isSecret ? starOut(found) : found, { scrub, areNamesForeign: true });
    return [path, value ?? null] as const;
  });
  return buildPriceBody('price.requested', {
    at: run.ctx.now,
    leadId: run.leadId,
    flow: { id: flow.id, name: flow.name },
    source: { id: source.entityId, name: source.name },
    variables: Object.fromEntries(values),
  });
}

/** What a question is about; a test has no lead, flow and source. */
export interface PriceSubject {
  /** Epoch ms. */
  at: number;
  leadId: string | null;
  flow: { id: string; name: string } | null;
  source: { id: string; name: string } | null;
  /** By path. */
  variables: Readonly<Record<string, unknown>>;
}

/** The body of a question, as the webhooks of destinations have it: type, timestamp and data. */
export function buildPriceBody(type: 'price.requested' | 'price.test', subject: PriceSubject): string {
  const { at, leadId, flow, source, variables } = subject;
  return JSON.stringify({
    type,
    timestamp: new Date(at).toISOString(),
    data: { lead_id: leadId, flow, source, variables },
  });
}
