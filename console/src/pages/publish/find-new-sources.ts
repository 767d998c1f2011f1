import type { FlowDocument } from '../../../../src/model/flow.ts';

export interface NewSource {
  id: string;
  name: string;
}

/** Sources that the live document does not have: the people who post there must know how. `live` null: nothing was live. */
export function findNewSources(
  live: { sources?: readonly { id?: string }[] } | null | undefined,
  draft: Pick<FlowDocument, 'sources'>,
): NewSource[] {
  const known = new Set((live?.sources ?? []).map(({ id }) => id));
  return draft.sources.flatMap(({ id, entity }) =>
    id === undefined || known.has(id) ? [] : [{ id, name: entity?.name ?? id }],
  );
}
