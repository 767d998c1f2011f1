import type { JsonObject } from '../../../flows/flow-json.ts';
import type { FlowSurroundings } from '../../../flows/flow-problems.ts';
import type { FlowRecord } from '../../../flows/flow-store.ts';
import { warningsOf } from '../../../flows/flow-warnings.ts';

/**
 * A flow as the API answers it (spec api 3.2): its document with the facts that live beside it. `revision` and
 * `deployed_revision` are ours: they tell whether what is saved is what runs.
 */
export function flowAnswer(flow: FlowRecord): JsonObject {
  const { name, ...document } = flow.document;
  return {
    id: flow.id,
    name,
    errors: flow.errors ?? {},
    ...document,
    revision: flow.revision,
    deployed_revision: flow.deployedRevision,
    created_at: new Date(flow.createdAt).toISOString(),
    updated_at: new Date(flow.updatedAt).toISOString(),
  };
}

/** The same with its `warnings`, which stand in the way of nothing. */
export function flowAnswerWithWarnings(flow: FlowRecord, surroundings: FlowSurroundings): JsonObject {
  return { ...flowAnswer(flow), warnings: warningsOf(flow.document, surroundings) };
}
