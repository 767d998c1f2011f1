import { DateTime } from 'luxon';
import type { EventRecord } from '../events/event-store.ts';
import { capOfLead } from '../events/explain-lead.ts';
import type { LeadPast } from '../events/lead-past.ts';
import { capSentence } from './cap-sentence.ts';
import { type DecidedBy, listCriteria } from './decided-by.ts';
import { decidingRules, findingsByPath } from './deciding-rules.ts';
import { whatWas, whyFailed } from './describe-rule.ts';
import { nameOfStep } from './describe-steps.ts';
import { SENTENCES, WHERE } from './sentences.ts';
import { quoted } from './wording.ts';
import { writeMoment } from './write-moment.ts';

export interface WhyStopped {
  /** Which decision: `by the hours of operation`. */
  where: string;
  /** A whole sentence. */
  why: string;
}

interface Stop {
  decided: DecidedBy;
  events: readonly EventRecord[];
}

/** Which decision stopped a lead, and why; undefined where that is not on record. */
export function whyStopped(past: LeadPast, stop: Stop): WhyStopped | undefined {
  return REASONS.get(stop.decided.phase)?.(past, stop) ?? onlyReason(past, stop.decided);
}

const REASONS: ReadonlyMap<string, (past: LeadPast, stop: Stop) => WhyStopped | undefined> = new Map([
  ['lead-object', becauseOfFlow],
  ['caps', becauseOfCap],
  ['acceptance-criteria', becauseOfCriteria],
  ['steps', becauseOfFilter],
]);

function onlyReason({ lead }: LeadPast, { phase }: DecidedBy): WhyStopped {
  return { where: WHERE.phase({ phase }), why: SENTENCES.only({ reason: quoted(lead.reason ?? '') }) };
}

function becauseOfFlow({ flow }: LeadPast): WhyStopped | undefined {
  if (flow.isEnabled) return undefined;
  return { where: WHERE.flow(), why: SENTENCES.flowOff({ flow: quoted(flow.name) }) };
}

function becauseOfCap(past: LeadPast, { decided }: Stop): WhyStopped | undefined {
  const cap = capOfLead(past);
  return cap ? { where: WHERE.cap({ owner: ownerOf(decided.path) }), why: capSentence(cap) } : undefined;
}

function becauseOfCriteria(past: LeadPast, { decided }: Stop): WhyStopped | undefined {
  if (decided.path === 'hours_of_operation') return { where: WHERE.hours(), why: hoursSentence(past) };
  const criteria = listCriteria(past).find(({ path }) => path === decided.path);
  if (!criteria) return undefined;
  const at = { path: `${criteria.path}.rule_set`, findings: findingsByPath(past) };
  const why = whyFailed(past.flow, decidingRules(criteria.ruleSet, at).rules);
  return why === undefined ? undefined : { where: WHERE.criteria({ owner: ownerOf(decided.path) }), why };
}

function ownerOf(path: string | null): string {
  return path?.startsWith('sources.') ? 'source' : 'flow';
}

function hoursSentence({ flow, lead }: LeadPast): string {
  const hours = flow.document.hours_of_operation;
  const zone = hours?.time_zone ?? flow.account.timeZone;
  const weekday = DateTime.fromMillis(lead.submittedAt, { zone }).setLocale('en').weekdayLong ?? '';
  const periods = Object.entries(hours?.days ?? {}).find(([name]) => name === weekday.toLowerCase())?.[1];
  const open = (periods ?? []).map(({ start, end }) => `${start} to ${end}`).join(', ');
  return SENTENCES.outsideHours({ time: writeMoment(lead.submittedAt, zone), day: weekday, hours: open || null });
}

function becauseOfFilter(past: LeadPast, { decided, events }: Stop): WhyStopped | undefined {
  const step = past.flow.steps.find(({ id }) => id === decided.id);
  if (step?.kind !== 'filter') return undefined;
  const at = { path: `${step.path}.rule_set`, findings: findingsByPath(past) };
  const clauses = whatWas(past.flow, {
    rules: decidingRules(step.document.rule_set, at).rules,
    meaning: 'sought',
  });
  const reason = events.find((event) => event.stepId === step.id)?.reason ?? '';
  const why = clauses === undefined ? SENTENCES.only({ reason: quoted(reason) }) : `${clauses}.`;
  return { where: WHERE.step({ step: nameOfStep(step) }), why };
}
