import type { EventRecord } from '../events/event-store.ts';
import { capOfLead } from '../events/explain-lead.ts';
import type { LeadPast } from '../events/lead-past.ts';
import type { RuleSet } from '../model/rule-set.ts';
import { decidingRules, findingsByPath } from './deciding-rules.ts';

/** The decision that ended a lead: its phase, and where in the flow document it was configured. */
export interface DecidedBy {
  phase: string;
  /** `caps`, `hours_of_operation`, `sources.0.acceptance_criteria`, `steps.1`; null: no part of the document. */
  path: string | null;
  /** What stands there: the cap's or the step's id. */
  id: string | null;
}

/** The decision that stopped a lead; null: none did, or it is not known. */
export function decidedBy(past: LeadPast, events: readonly EventRecord[]): DecidedBy | null {
  const phase = past.lead.sourceFacts.stopped_in;
  if (phase === undefined) return null;
  return { phase, ...(PLACES.get(phase)?.(past, events) ?? NO_PLACE) };
}

type Place = Omit<DecidedBy, 'phase'>;

const NO_PLACE: Place = { path: null, id: null };

/** Where each phase that may stop a lead is configured. */
const PLACES: ReadonlyMap<string, (past: LeadPast, events: readonly EventRecord[]) => Place> = new Map([
  ['lead-object', ({ flow }: LeadPast) => ({ path: flow.isEnabled ? null : 'enabled', id: null })],
  ['caps', capPlace],
  ['acceptance-criteria', criteriaPlace],
  ['steps', stepPlace],
]);

function capPlace(past: LeadPast): Place {
  const id = capOfLead(past)?.id ?? null;
  const isOfFlow = past.flow.caps.caps.some((cap) => cap.id === id);
  return { path: isOfFlow ? 'caps' : `${sourcePath(past)}.caps`, id };
}

function criteriaPlace(past: LeadPast): Place {
  if (!past.flow.hours.isOpenAt(past.lead.submittedAt)) return { path: 'hours_of_operation', id: null };
  const failed = listCriteria(past).find(({ path, ruleSet }) => {
    const found = decidingRules(ruleSet, { path: `${path}.rule_set`, findings: findingsByPath(past) });
    return !found.passed;
  });
  return { path: failed?.path ?? null, id: null };
}

/** The acceptance criteria of a lead in the order they are asked. */
export function listCriteria(past: LeadPast): { path: string; ruleSet: RuleSet }[] {
  const { flow, lead } = past;
  const path = 'acceptance_criteria';
  return [
    { path, criteria: flow.document.acceptance_criteria },
    { path: `${sourcePath(past)}.${path}`, criteria: flow.sources.get(lead.sourceId)?.document.acceptance_criteria },
  ].flatMap(({ path: at, criteria }) => (criteria?.rule_set ? [{ path: at, ruleSet: criteria.rule_set }] : []));
}

function sourcePath({ flow, lead }: LeadPast): string {
  return `sources.${flow.document.sources.findIndex(({ entity }) => entity.id === lead.sourceId)}`;
}

/** Only filters stop a flow, and nothing comes after the one that did. */
function stepPlace({ flow }: LeadPast, events: readonly EventRecord[]): Place {
  const stopping = events.find(({ type, outcome }) => type === 'filter' && outcome === 'stop');
  const step = flow.steps.find(({ id }) => id === stopping?.stepId);
  return step ? { path: step.path, id: step.id } : NO_PLACE;
}
