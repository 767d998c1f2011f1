import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { FlowCompiler, FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import { completeInSlices } from '../flows/complete-flow-document.ts';
import type { JsonObject } from '../flows/flow-json.ts';
import { withholdKeys } from '../flows/flow-surroundings.ts';
import { asNewList, namedLists } from '../flows/named-lists.ts';
import { parseCompleted, parseInSlices } from '../flows/parse-flow-document.ts';
import { findFlowProblems, type ProblemsDeps } from '../flows/save-flow.ts';
import type { Ids } from '../lib/ids.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';

export interface PrepareDeps extends ProblemsDeps {
  compileFlow: FlowCompiler['compile'];
}

export interface EvaluatedDocument {
  flowId: string;
  /** 0: the document is not saved. */
  revision: number;
  document: JsonObject;
  /** The saved revision before the document: its caps keep the instant from which their windows count. */
  previous: JsonObject | null;
}

/** Prepares a document to run as a save and a deploy would, or returns the reasons why they would refuse it. */
export async function prepareFlow(
  deps: PrepareDeps,
  given: EvaluatedDocument & { surroundings: FlowSurroundings; ids: Ids; now: number },
): Promise<Result<CompiledFlow, Problem[]>> {
  const { flowId, revision, ids, now, previous } = given;
  const surroundings = withholdKeys(given.surroundings);
  const read = await deps.runSliced(parseInSlices(given.document));
  if (!read.ok) return read;
  const document = await deps.runSliced(completeInSlices(given.document, { ids, now, previous }));
  const completed = await deps.runSliced(parseCompleted(read.value, document));
  if (!completed.ok) return completed;
  const { sound } = completed.value;
  const problems = await findFlowProblems(deps, completed.value, surroundings);
  if (problems.length > 0) return fail(problems);
  const lists = namedLists(sound, { surroundings, ids });
  return ok(
    await deps.compileFlow({
      flowId,
      revision,
      document: sound,
      surroundings: { ...surroundings, lists: new Map(lists.map((list) => [list.urlName, asNewList(list)])) },
    }),
  );
}
