import { buildLeadFacts, explainLead } from '../events/build-lead.ts';
import type { EventRecord } from '../events/event-store.ts';
import type { LeadPast } from '../events/lead-past.ts';
import { dollars } from '../model/money.ts';
import { type DecidedBy, decidedBy } from './decided-by.ts';
import { type FileOfLead, fileSentences } from './file-sentences.ts';
import { leadSentences, summarizeLead } from './lead-sentences.ts';
import { buildRuleTrees, type RuleTree } from './rule-trees.ts';
import { wouldChange } from './would-change.ts';

/** Why a lead ended as it did, for a program and for a person. Names of the wire, money in dollars. */
export interface LeadExplanation extends ReturnType<typeof explainLead> {
  [fact: string]: unknown;
  answer: ExplainedAnswer;
  /** Files of batches that have it; absent: none has. */
  files?: readonly FileOfLead[];
  /** Every rule set that was asked, with the rules of it that were not. */
  rule_sets: RuleTree[];
  /** What would have let the lead go on, as sentences; empty: it went on, or that is not known. */
  would_change: string[];
  /** Why the lead ended as it did, in one sentence. */
  summary: string;
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
  const decided = decidedBy(past, events);
  return {
    ...{ id, flow, source, revision, submitted_at },
    answer: {
      outcome: lead.outcome,
      reason: lead.reason,
      price: dollars(lead.price),
      status: lead.document?.response?.status ?? null,
      decided_by: decided,
    },
    ...explainLead(past, events),
    ...(files.length > 0 && { files }),
    rule_sets: buildRuleTrees(past, decided),
    would_change: wouldChange(past, decided),
    summary: summarizeLead(past, events),
    sentences: [...leadSentences(past, events), ...fileSentences(past, files)],
  };
}
