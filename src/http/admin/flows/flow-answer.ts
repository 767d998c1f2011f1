import type { JsonObject } from '../../../flows/flow-json.ts';
import type { FlowRecord } from '../../../flows/flow-store.ts';
import { fail, ok, type Result } from '../../../lib/result.ts';
import type { Query } from '../../api.ts';
import { type ApiError, apiError } from '../../errors.ts';
import { listOf } from '../../request-values.ts';

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

/** Picks the properties of an answer that `include` names, or all but those `exclude` names (spec api 2.2). */
export function selectionOf(query: Query): Result<(flow: JsonObject) => JsonObject, ApiError> {
  const include = listOf(query, 'include');
  const exclude = listOf(query, 'exclude');
  if (include.length > 0 && exclude.length > 0) {
    return fail(apiError('malformed_query', 'Give include or exclude, not both.'));
  }
  if (include.length > 0) return ok(keeping((key) => include.includes(key)));
  return ok(keeping((key) => !exclude.includes(key)));
}

function keeping(isKept: (key: string) => boolean): (flow: JsonObject) => JsonObject {
  return (flow) => Object.fromEntries(Object.entries(flow).filter(([key]) => isKept(key)));
}
