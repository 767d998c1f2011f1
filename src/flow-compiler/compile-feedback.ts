import { DateTime } from 'luxon';
import type { Sliced } from '../lib/slices.ts';
import { compileLookback } from '../lists/lookback.ts';
import { listDeliverySteps } from '../model/delivery-steps.ts';
import type {
  ConversionSettings,
  FlowDocument,
  RecipientFeedback,
  ReturnSettings,
  Source,
  Span,
} from '../model/flow.ts';
import type { RuleSet } from '../model/rule-set.ts';
import type { RuleProgram } from '../rules/compile-rule-set.ts';
import { type CompileSite, rulesAt } from './compile-site.ts';
import { compileRecipientStep } from './compile-steps.ts';
import type { CompiledConversions, CompiledFeedback, CompiledRelay, CompiledReturns } from './compiled-flow.ts';

export const NO_FEEDBACK: CompiledFeedback = { recipients: new Map(), relays: new Map() };

/** What the steps and sources of a flow say of feedback; what is switched off is not there. */
export function* compileFeedback(site: CompileSite, document: FlowDocument): Sliced<CompiledFeedback> {
  const recipients = new Map<string, RecipientOf>();
  const relays = new Map<string, CompiledRelay>();
  for (const { path, step } of listDeliverySteps(document)) {
    yield;
    if (!step.feedback) continue;
    const compiled = yield* compileRecipient(site, { feedback: step.feedback, path: `${path}.feedback` });
    if (compiled.returns || compiled.conversions) recipients.set(step.id ?? '', compiled);
  }
  for (const [index, source] of document.sources.entries()) {
    yield;
    const relay = yield* compileRelay(site, { source, path: `sources.${index}.feedback` });
    if (relay) relays.set(source.entity.id?.toLowerCase() ?? '', relay);
  }
  return { recipients, relays };
}

type RecipientOf = CompiledFeedback['recipients'] extends ReadonlyMap<string, infer Of> ? Of : never;

function* compileRecipient(
  site: CompileSite,
  { feedback, path }: { feedback: RecipientFeedback; path: string },
): Sliced<RecipientOf> {
  const { returns, conversions, rule_set: ofBoth } = feedback;
  const both = { path: `${path}.rule_set`, ruleSet: ofBoth };
  return {
    returns: returns?.enabled === true ? yield* compileReturns(site, { returns, path: `${path}.returns`, both }) : null,
    conversions:
      conversions?.enabled === true
        ? yield* compileConversions(site, { settings: conversions, path: `${path}.conversions`, both })
        : null,
  };
}

interface PlacedRules {
  path: string;
  ruleSet: RuleSet | null | undefined;
}

function* compileConversions(
  site: CompileSite,
  { settings, path, both }: { settings: ConversionSettings; path: string; both: PlacedRules },
): Sliced<CompiledConversions> {
  const rules: RuleProgram[] = [];
  for (const each of [both, { path: `${path}.rule_set`, ruleSet: settings.rule_set }])
    if (each.ruleSet) rules.push(yield* rulesAt(site, each.path, each.ruleSet));
  return { rules };
}

function* compileReturns(
  site: CompileSite,
  { returns, path, both }: { returns: ReturnSettings; path: string; both: PlacedRules },
): Sliced<CompiledReturns> {
  const { maximum_age: age, approval, reasons } = returns;
  const { problems, context } = site;
  return {
    ...(yield* compileConversions(site, { settings: returns, path, both })),
    oldestAt: age ? compileLookback(age, { path: `${path}.maximum_age`, problems }) : null,
    reasons: reasons ?? null,
    approval: approval
      ? {
          default: approval.default,
          deadlineFrom: (instant) => addSpan(instant, approval.deadline, context.account.timeZone),
        }
      : null,
    refundsCost: returns.refund_cost === true,
  };
}

/** Days and longer go forward on the calendar of the zone, to the same time of day. */
function addSpan(instant: number, { value, interval }: Span, zone: string): number {
  return DateTime.fromMillis(instant, { zone })
    .plus({ [interval]: value })
    .toMillis();
}

/** The source as a recipient of its own feedback. */
function* compileRelay(
  site: CompileSite,
  { source, path }: { source: Source; path: string },
): Sliced<CompiledRelay | undefined> {
  const { feedback, entity, id } = source;
  if (!feedback?.integration) return undefined;
  const rules = yield* rulesAt(site, `${path}.rule_set`, feedback.rule_set);
  const step = yield* compileRecipientStep(site, {
    step: { type: 'recipient', id: id ?? '', entity, integration: feedback.integration, key: RELAY_KEY },
    path,
  });
  return { rules, step };
}

/** What a source answers is appended to nothing. */
const RELAY_KEY = 'relay';
