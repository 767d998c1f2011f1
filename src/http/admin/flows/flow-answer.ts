import type { FlowSurroundings } from '../../../flow-compiler/flow-compiler.ts';
import type { JsonObject } from '../../../flows/flow-json.ts';
import { FLOW_OBJECTS } from '../../../flows/flow-schema.ts';
import type { FlowRecord } from '../../../flows/flow-store.ts';
import { misspeltName } from '../../../lib/misspelt-name.ts';
import { type ApiAnswer, type ApiDeps, answer, type Query } from '../../api.ts';
import type { ApiError } from '../../errors.ts';
import { malformedQuery } from '../../parameters.ts';
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

/** The same with its `warnings`, which stand in the way of nothing. */
export async function flowAnswerWithWarnings(
  deps: Pick<ApiDeps, 'findWarnings'>,
  { flow, surroundings }: { flow: FlowRecord; surroundings: FlowSurroundings },
): Promise<JsonObject> {
  return { ...flowAnswer(flow), warnings: await deps.findWarnings(flow.document, surroundings) };
}

/** The same with the revision as `ETag`, to be sent back as `If-Match` (decision 50). */
export async function answerWithTag(
  deps: Pick<ApiDeps, 'findWarnings'>,
  { status, ...saved }: { status: ApiAnswer['status']; flow: FlowRecord; surroundings: FlowSurroundings },
): Promise<ApiAnswer> {
  return { ...answer(status, await flowAnswerWithWarnings(deps, saved)), headers: tagOf(saved.flow) };
}

export function tagOf({ revision }: FlowRecord): Readonly<Record<string, string>> {
  return { ETag: `"${revision}"` };
}

/** The 400 for an `include` or `exclude` that names what no flow has; names of the caller's own that a flow keeps are known. */
export function unknownProperties(query: Query, flows: readonly FlowRecord[]): ApiError | undefined {
  const known = Object.keys(FLOW_OBJECTS.Flow.properties);
  const problems = ['include', 'exclude'].flatMap((path) =>
    listOf(query, path)
      .filter((name) => !known.includes(name) && !flows.some(({ document }) => Object.hasOwn(document, name)))
      .map((name) => {
        const near = misspeltName(name, known);
        const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
        return {
          path,
          message: `"${name.slice(0, NAME_CHARACTERS_MAX)}" is no property of a flow; there are ${known.join(', ')}.${hint}`,
        };
      }),
  );
  return problems.length === 0 ? undefined : malformedQuery(problems);
}

const NAME_CHARACTERS_MAX = 64;
