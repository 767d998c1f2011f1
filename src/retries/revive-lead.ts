import { appendedBefore, distributionsBefore } from '../events/event-vars.ts';
import type { LeadPast } from '../events/lead-past.ts';
import { parseValue, plainInput } from '../field-types/parse-value.ts';
import { instantValue } from '../field-types/time.ts';
import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import { moneyFrom, NO_MONEY } from '../model/money.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import { type Attempt, type LeadRun, startRun } from '../pipeline/lead-run.ts';
import { buildVarsHead } from '../pipeline/vars-head.ts';
import { assignBeside } from '../variables/branched-value.ts';
import { compileSegmentsLookup } from '../variables/lookup.ts';
import { isPlainObject } from '../variables/rich-value.ts';

/**
 * A stored lead as it was before the event with the place `before`, ready to run that step once more (decision 25: its values
 * are unchanged): what was submitted is read again as its types at the lead's own instant, and what earlier steps
 * appended is there as normal values. undefined: the lead's personal part is gone. `flow` is the flow as deployed now.
 */
export function reviveLead(
  past: LeadPast,
  { flow, attempt, before }: { flow: CompiledFlow; before: number; attempt: Attempt },
): LeadRun | undefined {
  const stored = past.lead.document?.vars;
  const source = flow.sources.get(past.lead.sourceId) ?? past.flow.sources.get(past.lead.sourceId);
  if (!stored || !source) return undefined;
  const { lead } = past;
  const ctx: EvaluationContext = {
    now: lead.submittedAt,
    timeZone: flow.account.timeZone,
    random: () => restoreChance(stored.random),
  };
  const run = startRun(restoreSubmission(past), attempt);
  run.leadId = lead.id;
  // The claim has made its run row.
  run.hasRun = true;
  run.ctx = ctx;
  // The sender was answered long ago: its deadline no longer counts.
  run.route = { flow, source: { ...source, deadlineMs: null } };
  // What was secret is asterisks in the store already.
  run.secrets = [];
  run.vars = {
    ...buildVarsHead({
      submission: { timestamp: instantValue(lead.submittedAt), ip: stored.submission.ip },
      flow,
      source,
      lead: leadValues(past, ctx),
      random: stored.random,
    }),
    ...(stored.suppressionlist === undefined ? {} : { suppressionlist: stored.suppressionlist }),
    ...distributionsBefore(past, before),
    ...appendedValues(past, before),
  };
  const price = lead.document?.price;
  run.offered = { amount: moneyFrom(price?.offered) ?? NO_MONEY, winner: price?.winner ?? null, alsoMatched: [] };
  return run;
}

/** `random` was drawn as 1…100. */
function restoreChance(random: unknown): number {
  return typeof random === 'number' ? (random - 1) / 100 : 0;
}

function restoreSubmission({ lead, flow }: LeadPast): LeadRun['submission'] {
  const { method = 'POST', uri = '', version = '1.1', headers = {}, body, timestamp } = lead.document?.request ?? {};
  return {
    flowId: flow.id,
    sourceRef: lead.sourceId,
    request: { method, uri, version, headers, body: body ?? '', timestamp: timestamp ?? lead.submittedAt },
    ip: lead.document?.vars?.submission.ip ?? '',
    authorization: undefined,
    arrivedAt: 0,
    ...restoreOuter(lead),
  };
}

/** The flows that the lead has passed, so that a later attempt sends it to none of them. */
function restoreOuter({ sourceFacts }: LeadPast['lead']): Pick<LeadRun['submission'], 'outer'> {
  const { outer_lead: outer } = sourceFacts;
  return outer ? { outer: { leadId: outer.lead_id, eventId: outer.event_id, flowIds: outer.flow_ids } } : {};
}

/** Each field as its type, from what was submitted. */
function leadValues({ lead, flow }: LeadPast, ctx: EvaluationContext): Vars {
  const values: Vars = { id: lead.id };
  const stored = { lead: lead.document?.vars?.lead ?? {} };
  for (const { type, segments, mask } of flow.fields) {
    // Asterisks are no value of the lead.
    if (mask) continue;
    const value = compileSegmentsLookup(['lead', ...segments])(stored);
    if (value === undefined || value === null) continue;
    assignBeside(
      values,
      segments,
      type === 'array' ? value : parseValue(type, plainInput(restoreSubmitted(value)), ctx),
    );
  }
  return values;
}

function restoreSubmitted(stored: unknown): unknown {
  if (!isPlainObject(stored)) return stored;
  return stored['raw'] ?? stored['normal'] ?? stored;
}

/** What the steps had appended before an event's place. */
export function appendedValues(past: LeadPast, seq: number): Vars {
  const appended = appendedBefore(past, seq);
  return Object.fromEntries(Object.entries(appended).map(([key, value]) => [key, normalValues(value, 0)]));
}

/** As deep as an answer is kept. */
const DEPTH_MAX = 64;

/** A stored rich value is its normal form again. */
function normalValues(value: unknown, depth: number): unknown {
  if (depth > DEPTH_MAX) return undefined;
  if (Array.isArray(value)) return value.map((member) => normalValues(member, depth + 1));
  if (!isPlainObject(value)) return value;
  if ('normal' in value && 'valid' in value) return value['normal'];
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, normalValues(member, depth + 1)]));
}
