import { buildLeadFacts, explainLead } from '../events/build-lead.ts';
import type { EventRecord } from '../events/event-store.ts';
import type { LeadPast } from '../events/lead-past.ts';
import { dollars } from '../model/money.ts';
import { type DecidedBy, decidedBy } from './decided-by.ts';
import { type FileOfLead, fileSentences } from './file-sentences.ts';
import { leadSentences } from './lead-sentences.ts';

/** Why a lead ended as it did, for a program and for a person. Names of the wire, money in dollars. */
export interface LeadExplanation extends ReturnType<typeof explainLead> {
  [fact: string]: unknown;
  answer: ExplainedAnswer;
  /** Files of batches that have it; absent: none has. */
  files?: readonly FileOfLead[];
  /** The same in English, the most important first. */
  sentences: string[];
}

/** What the sender was answered. */
export interface ExplainedAnswer {
  outcome: string;
  reason: string | null;
  price: number;
  /** Of the HTTP answer; null: none was sent, or it is not known. */
  status: number | null;
  /** null: nothing stopped the lead, or it is not known what did. */
  decided_by: DecidedBy | null;
}

/** `GET /leads/{id}/explain`: the decision of each phase and step with all its rules, the answer, and the sentences. */
export function leadExplanation(
  past: LeadPast,
  events: readonly EventRecord[],
  files: readonly FileOfLead[] = [],
): LeadExplanation {
  const { lead } = past;
  const { id, flow, source, revision, submitted_at } = buildLeadFacts(past);
  return {
    ...{ id, flow, source, revision, submitted_at },
    answer: {
      outcome: lead.outcome,
      reason: lead.reason,
      price: dollars(lead.price),
      status: lead.document?.response?.status ?? null,
      decided_by: decidedBy(past, events),
    },
    ...explainLead(past, events),
    ...(files.length > 0 && { files }),
    sentences: [...leadSentences(past, events), ...fileSentences(past, files)],
  };
}
