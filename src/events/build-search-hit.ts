import { type Highlight, markMatches } from '../search/mark-matches.ts';
import type { QueryMarks } from '../search/parse-query.ts';
import { HIT_FIELDS, type HitField, readStoredText } from '../search/searched-fields.ts';
import { buildEvent, type LeadEvent } from './build-event.ts';
import type { EventRecord } from './event-store.ts';
import { hideValuesOfEvent } from './hide-values.ts';
import type { LeadPast } from './lead-past.ts';

/** A lead as a search returns it. */
export interface SearchHit extends Record<HitField, string | null> {
  lead_id: string;
  flow_id: string;
  flow_name: string;
  source_id: string;
  source_name: string | null;
  /** ISO 8601. */
  submission_timestamp: string;
  highlight: Highlight;
  latest_event: LeadEvent;
}

/**
 * `marks`: what was looked for; null: the caller may not see values, so the hit and its event have none.
 */
export function buildSearchHit(past: LeadPast, found: { event: EventRecord; marks: QueryMarks | null }): SearchHit {
  const { lead, flow } = past;
  const { event, marks } = found;
  const values = marks === null ? {} : (lead.document?.vars?.lead ?? {});
  const latest = buildEvent(past, event);
  return {
    lead_id: lead.id,
    flow_id: flow.id,
    flow_name: flow.name,
    source_id: lead.sourceId,
    source_name: flow.sources.get(lead.sourceId)?.name ?? null,
    ...readHitValues(values),
    submission_timestamp: new Date(lead.submittedAt).toISOString(),
    highlight: marks === null ? {} : markMatches(values, marks),
    latest_event: marks === null ? hideValuesOfEvent(latest) : latest,
  };
}

function readHitValues(values: Readonly<Record<string, unknown>>): Record<HitField, string | null> {
  const entries = HIT_FIELDS.map((fieldId) => [fieldId, readStoredText(values, fieldId) || null] as const);
  return Object.fromEntries(entries) as Record<HitField, string | null>; // of every hit field
}
