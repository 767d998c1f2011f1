import type { EventRecord } from '../events/event-store.ts';
import type { LeadPast } from '../events/lead-past.ts';
import { decidedBy } from './decided-by.ts';
import { findingsByPath } from './deciding-rules.ts';
import { phaseSentences } from './describe-phases.ts';
import { describeSteps, isStopping, warningsIn } from './describe-steps.ts';
import { feedbackSentences } from './feedback-sentences.ts';
import { ruleSentences } from './rule-sentences.ts';
import { ENDINGS, SENTENCES } from './sentences.ts';
import { whyStopped } from './why-stopped.ts';
import { quoted } from './wording.ts';
import { writeMoment } from './write-moment.ts';

/** The steps of a flow that get a sentence; the JSON has all of them. */
const STEPS_MAX = 50;

/**
 * Why a lead ended as it did, for a person who does not know the product: what became of it and why, what the sender
 * was answered, then what else was looked at, in order.
 */
export function leadSentences(past: LeadPast, events: readonly EventRecord[]): string[] {
  const { lead, flow } = past;
  const source = flow.sources.get(lead.sourceId)?.name ?? lead.sourceId;
  const time = writeMoment(lead.submittedAt, flow.account.timeZone);
  return [
    SENTENCES.lead({ id: lead.id, time, source: quoted(source), flow: quoted(flow.name) }),
    ...describeOrigin(past),
    summarizeLead(past, events),
    answerSentence(past),
    ...soldLater(past, events),
    ...feedbackSentences(past, events),
    ...describeDocument(past, events),
  ];
}

/** The other flow or the router that it came by. */
function describeOrigin({ lead }: LeadPast): string[] {
  const { outer_lead: outer, router } = lead.sourceFacts;
  const earlier = outer?.flow_ids.slice(0, -1) ?? [];
  const before = earlier.length === 0 ? '' : `; before that it passed the flows ${earlier.join(', ')}`;
  return [
    ...(outer ? [SENTENCES.inner({ flow: outer.flow_ids.at(-1) ?? '', lead: outer.lead_id, outer: before })] : []),
    ...(router ? [SENTENCES.routed({ router: router.id, route: router.route_id })] : []),
  ];
}

/** What became of a lead and why, in one sentence. */
export function summarizeLead(past: LeadPast, events: readonly EventRecord[]): string {
  const { lead } = past;
  const outcome = ENDINGS[lead.outcome];
  const decided = decidedBy(past, events);
  if (!decided) return lead.outcome === 'success' ? SENTENCES.accepted() : SENTENCES.endedSomewhere({ outcome });
  const why = whyStopped(past, { decided, events });
  return why ? SENTENCES.ended({ outcome, ...why }) : SENTENCES.endedSomewhere({ outcome });
}

/** A lead whose server stopped got no answer; with a personal part the answer is deleted, too. */
function answerSentence({ lead }: LeadPast): string {
  const answer = { outcome: lead.outcome, reason: lead.reason === null ? null : quoted(lead.reason) };
  return lead.document?.response ? SENTENCES.answered(answer) : SENTENCES.recorded(answer);
}

/** A lead that was no success and of which a delivery came through later. */
function soldLater({ lead }: LeadPast, events: readonly EventRecord[]): string[] {
  const isSold = events.some(({ type, outcome }) => type === 'retry' && outcome === 'success');
  return isSold && lead.outcome !== 'success' ? [SENTENCES.soldLater()] : [];
}

function describeDocument(past: LeadPast, events: readonly EventRecord[]): string[] {
  const { document, sourceFacts } = past.lead;
  if (!document?.vars) return [SENTENCES.unknown()];
  const findings = findingsByPath(past);
  const steps = describeSteps(past, { events, findings }).filter((step) => !isStopping(step.event));
  const isUnderWay = events.some(({ type }) => type !== 'source');
  return [
    ...(sourceFacts.interrupted === true ? [SENTENCES.interrupted()] : []),
    ...phaseSentences(past, findings),
    ...warningsIn(sourceFacts),
    // Before the first step the flow's steps have no part in this lead.
    ...(isUnderWay ? steps.slice(0, STEPS_MAX).map(({ sentence }) => sentence) : []),
    ...ruleSentences(past.flow, [...findings.values()]),
  ];
}
