import type { EventRecord, LeadRecord } from '../events/event-store.ts';
import type { CompiledFlow, CompiledRecipient } from '../flow-compiler/compiled-flow.ts';
import { listDeliverySteps } from '../model/delivery-steps.ts';
import type { RecordedResponse } from '../model/event.ts';
import { LIST_CHECK_NAMES } from '../model/flow.ts';
import { dollars, type Money, moneyFrom } from '../model/money.ts';
import type { StepOutcome } from '../model/outcome.ts';
import { RANDOM_DEFAULT } from '../simulation/chance.ts';
import type { RecipientAnswer } from '../simulation/recipient-answer.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { CapRefusal, StepDocument } from '../stored/lead-document.ts';

/** A lead with its events, and the flow as it was when the lead ran. */
export interface RecordedLead {
  lead: LeadRecord;
  events: readonly EventRecord[];
  ranOn: CompiledFlow;
}

/** Why the lead cannot be replayed; undefined: it can. */
export function whyNotReplayed({ lead }: Pick<RecordedLead, 'lead'>): 'no request' | 'ping' | undefined {
  const { request, vars } = lead.document ?? {};
  if (!request || !vars) return 'no request';
  // Its price is that of the ping, which is not asked again.
  return lead.sourceFacts.ping_id === undefined ? undefined : 'ping';
}

/** The lead as a simulation on `flow`, with what the world answered when the lead ran. */
export function buildReplay({ lead, events, ranOn }: RecordedLead, flow: CompiledFlow): Simulation {
  const { request, vars, lists = [] } = lead.document ?? {};
  const found = new Set(lists.filter((list) => list.found).map(({ check }) => check));
  return {
    flow: { kind: 'revision', revision: flow.revision },
    source: lead.sourceId,
    submission: {
      method: request?.method ?? 'POST',
      query: request?.uri.split('?').slice(1).join('?') ?? '',
      headers: request?.headers ?? {},
      body: request?.body ?? '',
    },
    ip: vars?.submission.ip,
    now: lead.submittedAt,
    random: typeof vars?.random === 'number' ? vars.random : RANDOM_DEFAULT,
    lists: LIST_CHECK_NAMES.filter((name) => found.has(name)),
    caps: collectCaps(lead),
    answers: new Map([...collectAnswers({ lead, events, ranOn }, flow), ...collectBids(lead, flow)]),
    prices: collectPrices(lead),
  };
}

/** Steps that the recorded lead came to ask, or that answered for themselves. */
function collectAnswers({ lead, events, ranOn }: RecordedLead, flow: CompiledFlow): Map<string, RecipientAnswer> {
  const [then, now] = [integrationsOf(ranOn), integrationsOf(flow)];
  const answers = new Map<string, RecipientAnswer>();
  for (const { type, outcome, reason, stepId, seq } of events) {
    const step = lead.document?.steps?.[seq];
    if (type !== 'recipient' || stepId === null || !wasAsked(outcome, step)) continue;
    // What reads the answer has changed, so that the same answer may mean something else.
    const response = then.get(stepId) === now.get(stepId) ? null : wholeResponse(step);
    answers.set(
      stepId,
      response ?? {
        kind: 'outcome',
        // A recipient event has the outcome of a step.
        appended: { ...step?.appended, outcome: outcome as StepOutcome, ...(reason === null ? {} : { reason }) },
      },
    );
  }
  return answers;
}

/** A step that was skipped by its rules, hours or caps has asked nobody. */
function wasAsked(outcome: string, step: StepDocument | undefined): boolean {
  return outcome !== 'skip' || (step !== undefined && step.transactions.length > 0);
}

/** null: none was kept whole. */
function wholeResponse(step: StepDocument | undefined): RecipientAnswer | null {
  const response = step?.transactions.at(-1)?.response;
  if (!response || response.truncated === true) return null;
  return { kind: 'http', status: response.status, headers: textsOf(response.headers), body: response.body ?? '' };
}

function textsOf(headers: RecordedResponse['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]));
}

const INTEGRATIONS = new WeakMap<CompiledFlow, ReadonlyMap<string, string>>();

/** What each delivery step builds and reads its requests by, as text to compare. */
function integrationsOf(flow: CompiledFlow): ReadonlyMap<string, string> {
  const known = INTEGRATIONS.get(flow);
  if (known) return known;
  const texts = new Map(
    listDeliverySteps(flow.document).map(({ step }) => [
      step.id ?? '',
      JSON.stringify(step.integration, (name, value) => (name === 'id' ? undefined : value)),
    ]),
  );
  INTEGRATIONS.set(flow, texts);
  return texts;
}

/** Bids by the id of the question, as the flow has it. */
function collectBids({ sourceFacts }: LeadRecord, flow: CompiledFlow): Map<string, RecipientAnswer> {
  const said = new Map(
    (sourceFacts.distributions ?? []).flatMap(({ recipients }) =>
      recipients.flatMap(({ step_id: stepId, bid }) => (bid ? [[stepId, bid] as const] : [])),
    ),
  );
  const answers = new Map<string, RecipientAnswer>();
  for (const step of flow.steps) {
    const [question, bid] = step.kind === 'recipient' ? [questionOf(step), said.get(step.id)] : [];
    if (!question || !bid) continue;
    const { price, fault } = bid;
    answers.set(question.id, {
      kind: 'outcome',
      appended:
        price === null
          ? { outcome: 'failure', ...(fault === undefined ? {} : { reason: fault }) }
          : { outcome: 'success', price },
    });
  }
  return answers;
}

function questionOf({ candidacy }: CompiledRecipient): CompiledRecipient | null {
  return candidacy?.bid ?? null;
}

/** Caps that refused the lead or a delivery, as full as they were; in dollars those that count money. */
function collectCaps({ document, sourceFacts }: LeadRecord): Map<string, number> {
  const refusals = [document?.cap ?? null, ...Object.values(document?.steps ?? {}).map(({ cap }) => cap)];
  const inDistributions = (sourceFacts.distributions ?? []).flatMap(({ recipients }) =>
    recipients.flatMap(({ cap }) => cap ?? []),
  );
  return new Map([
    ...refusals.flatMap((refusal) => (refusal ? [[refusal.capId, usedOf(refusal)] as const] : [])),
    ...inDistributions.map(({ id, count, held }) => [id, count + held] as const),
  ]);
}

function usedOf({ amount, count, held }: CapRefusal): number {
  // Of a revenue cap all of it is in ten-thousandths of a dollar.
  return amount === undefined ? count + held : dollars((count + held) as Money);
}

function collectPrices({ sourceFacts }: LeadRecord): Map<string, Money> {
  return new Map(
    (sourceFacts.asked_prices ?? []).flatMap(({ service_id: serviceId, price }) => {
      const amount = price === null ? undefined : moneyFrom(price);
      return amount === undefined ? [] : [[serviceId, amount] as const];
    }),
  );
}
