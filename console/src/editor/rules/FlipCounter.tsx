import type { FlowDocument } from '../../../../src/model/flow.ts';

/** How many of the last leads would end otherwise with this document. Nothing is shown while the server cannot say. */
export function FlipCounter(_given: { flowId: string; document: FlowDocument }) {
  return null;
}
