import type { FlowDocument } from '../../../../src/model/flow.ts';

/** What the server tells of a flow beside its document. */
const TOLD = ['$schema', 'id', 'errors', 'warnings', 'revision', 'deployed_revision', 'created_at', 'updated_at'];

/** The document alone, whether it comes from a flow, a revision or a draft; null: there is none. */
export function toPlainDocument(flow: unknown): Record<string, unknown> | null {
  if (typeof flow !== 'object' || flow === null || Array.isArray(flow)) return null;
  return Object.fromEntries(Object.entries(flow).filter(([name]) => !TOLD.includes(name)));
}

/** A document to look at, though a person may be in the middle of it: lists are lists, and their members objects. */
export function toFlow(flow: unknown): FlowDocument {
  const document = toPlainDocument(flow) ?? {};
  const objectsOf = (value: unknown) =>
    (Array.isArray(value) ? value : []).map((member: unknown) =>
      typeof member === 'object' && member !== null ? member : {},
    );
  // What is not the shape of a flow yet is looked at with care by who takes it.
  return {
    ...document,
    fields: Array.isArray(document['fields']) ? document['fields'] : [],
    sources: objectsOf(document['sources']),
    steps: objectsOf(document['steps']),
  } as unknown as FlowDocument;
}
