import type { FlowDocument } from '../../../../src/model/flow.ts';

/** What a part belongs to, by its place in the document: `sources.0.caps` is of a source. */
export type OwnerKind = 'flow' | 'source' | 'step';

export function ownerKindOf(path: string): OwnerKind {
  if (path.startsWith('sources.')) return 'source';
  return path.startsWith('steps.') ? 'step' : 'flow';
}

/** Another property of what a part belongs to: `pricing_service` beside `sources.0.pricing`. undefined: it has none. */
export function readBeside(document: FlowDocument, path: string, name: string): unknown {
  const keys = [...path.split('.').slice(0, -1), name];
  return keys.reduce<unknown>(
    (owner, key) =>
      typeof owner === 'object' && owner !== null && Object.hasOwn(owner, key)
        ? (owner as Record<string, unknown>)[key] // read by name of what may be anything
        : undefined,
    document,
  );
}
