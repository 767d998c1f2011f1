import type { FlowFacts, FlowState } from '../../api/flows.ts';

export interface FlowFilter {
  q?: string;
  state?: FlowState;
}

/** The filter, and what is made beside the list. */
export interface FlowSearch extends FlowFilter {
  /** `empty`, `import`, or the id of the flow that is duplicated. */
  new?: string;
}

/** What a flow is made from. */
export type NewFlowKind = { from: 'empty' | 'import'; copyOf?: undefined } | { from: 'copy'; copyOf: string };

const ID = /^[0-9a-f]{24}$/;

export function readFlowSearch(search: Record<string, unknown>): FlowSearch {
  const { new: made } = search;
  const isKnown = typeof made === 'string' && (made === 'empty' || made === 'import' || ID.test(made));
  return { ...readFlowFilter(search), ...(isKnown && { new: made }) };
}

/** null: nothing is made. */
export function readNewFlow({ new: made }: FlowSearch): NewFlowKind | null {
  if (made === undefined) return null;
  return made === 'empty' || made === 'import' ? { from: made } : { from: 'copy', copyOf: made };
}

const STATES = ['live', 'off', 'test'] as const;

/** Of the query of the address; what is no filter is left out. A number was typed as a text. */
export function readFlowFilter(search: Record<string, unknown>): FlowFilter {
  const q = typeof search['q'] === 'string' || typeof search['q'] === 'number' ? String(search['q']) : '';
  const state = STATES.find((each) => each === search['state']);
  return { ...(q !== '' && { q }), ...(state !== undefined && { state }) };
}

/** Those whose name, id or source has the words. */
export function filterFlows(flows: readonly FlowFacts[], { q = '', state }: FlowFilter): FlowFacts[] {
  const wanted = q.trim().toLowerCase();
  const has = (text: string) => text.toLowerCase().includes(wanted);
  return flows.filter(
    (flow) =>
      (state === undefined || flow.state === state) &&
      (has(flow.name) || flow.id === wanted || flow.sources.some(({ id, name }) => has(name) || id === wanted)),
  );
}
