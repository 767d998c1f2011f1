import type { FlowDocument } from '../../../../src/model/flow.ts';
import { namePlace } from './edit-places.ts';
import { findReads, listReads, type VariableReads } from './variable-uses.ts';

/** A field of the flow and where the flow reads it. */
export interface FieldRow {
  id: string;
  name: string;
  /** As `GET /types` lists it; null: the account has no such field. */
  type: string | null;
  /** Places by their names, each once. */
  places: readonly string[];
}

interface KnownField {
  id: string;
  name: string;
  type: string;
}

/** The fields of the flow, in its order. */
export function buildFieldRows(document: FlowDocument, fields: readonly KnownField[]): FieldRow[] {
  const reads = listReads(document);
  const known = new Map(fields.map((field) => [field.id, field]));
  return document.fields.map((id) => ({
    id,
    name: known.get(id)?.name ?? id,
    type: known.get(id)?.type ?? null,
    places: listPlaces(document, reads, id),
  }));
}

function listPlaces(document: FlowDocument, reads: VariableReads, id: string): string[] {
  return [...new Set(findReads(reads, `lead.${id}`).map((path) => namePlace(document, path)))];
}

/** Fields that the flow reads and does not keep: they are empty whenever they are read. */
export function listDropped(document: FlowDocument): { id: string; places: string[] }[] {
  const reads = listReads(document);
  const kept = new Set(document.fields);
  const names = [...reads.keys()].flatMap((name) => {
    const [first, id] = name.split('.');
    return first === 'lead' && id !== undefined && !kept.has(id) && !OF_EVERY_LEAD.has(id) ? [id] : [];
  });
  return [...new Set(names)].map((id) => ({ id, places: listPlaces(document, reads, id) }));
}

/** What every lead has, whatever its flow keeps. */
const OF_EVERY_LEAD = new Set(['id', 'price']);
