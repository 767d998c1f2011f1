import type { Principal } from '../access/principal.ts';
import { maskedFieldIds } from '../fields/find-field.ts';
import { STANDARD_FIELDS } from '../fields/standard-fields.ts';
import type { RunSliced } from '../lib/slices.ts';
import type { Account } from '../model/entity.ts';
import type { Field } from '../model/field.ts';
import type { FlowDocument } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import { type Compilation, type CompileDeps, compileFlowInSlices, placeFlow } from './compile-flow.ts';
import type { CompiledFlow, FlowContext } from './compiled-flow.ts';
import { findTooMuch } from './flow-points.ts';

/** What a flow may name beside itself. */
export interface FlowSurroundings {
  account: Account;
  customFields: readonly Field[];
  /** What warnings ask of modules; absent: nothing. */
  modules?: CompileDeps['modules'];
  /** Why a delivery to a URL would be refused; absent: nothing is known of it. */
  urlProblem?: (url: string) => string | undefined;
  /** By instance id. */
  destinations?: FlowContext['destinations'];
  /** The API keys in force, for what is said of sources that ask for one; absent: nothing is said. */
  keys?: readonly Principal[];
  /** The names of the account's entities by id; absent: they are not known. */
  entities?: ReadonlyMap<string, string>;
}

/** What keeps a well-formed flow from running, found by compiling it. */
export type FindProblems = (document: FlowDocument, surroundings: FlowSurroundings) => Promise<Problem[]>;

/** One revision of a flow with what it may name beside itself. */
export interface FlowRevision {
  flowId: string;
  revision: number;
  document: FlowDocument;
  account: Account;
  customFields: readonly Field[];
  /** Only a flow that is to run needs these. */
  capGenerations?: FlowContext['capGenerations'];
  lists?: FlowContext['lists'];
  destinations?: FlowContext['destinations'];
}

/**
 * Compiles flows for the three who ask: leads that run, readers of what leads did, authors who save. In slices, because
 * a large flow takes seconds (page 0052).
 */
export interface FlowCompiler {
  compile(revision: FlowRevision): Promise<CompiledFlow>;
  findProblems: FindProblems;
}

export function createFlowCompiler(modules: CompileDeps['modules'], runSliced: RunSliced): FlowCompiler {
  /** A save, its deploy and the first lead ask for the same flow; one is held, because patterns may take much memory. */
  let last: Checked | null = null;

  function findChecked(document: FlowDocument, fields: string): Compilation | undefined {
    return last?.document === document && last.fields === fields ? last.compilation : undefined;
  }

  return {
    compile: async ({ flowId, document, ...surroundings }) => {
      const context = buildContext(surroundings);
      const identified = { ...document, id: flowId };
      const checked = findChecked(document, printFields(surroundings));
      const placed = checked && placeFlow(checked.flow, identified, { context, modules });
      return placed ?? (await runSliced(compileFlowInSlices(identified, { context, modules }))).flow;
    },
    // At save there is no revision yet, no counts and no lists.
    findProblems: async (document, surroundings) => {
      const fields = printFields(surroundings);
      const destinations = JSON.stringify([...(surroundings.destinations ?? [])]);
      const checked = findChecked(document, fields);
      if (checked && last?.destinations === destinations) return checked.problems;
      // A flow that was deployed under another limit runs on; only what is saved or deployed is held to it.
      const tooMuch = await runSliced(findTooMuch(document));
      if (tooMuch.length > 0) return tooMuch;
      const context = buildContext({ ...surroundings, revision: 0 });
      const compilation = await runSliced(compileFlowInSlices(document, { context, modules }));
      last = { document, fields, destinations, compilation };
      return compilation.problems;
    },
  };
}

/** What was compiled last to find its problems. */
interface Checked {
  document: FlowDocument;
  /** Of the account and its fields, and of its destinations, as they were then. */
  fields: string;
  destinations: string;
  compilation: Compilation;
}

function printFields({ account, customFields }: Pick<FlowSurroundings, 'account' | 'customFields'>): string {
  return JSON.stringify([account, customFields]);
}

function buildContext(surroundings: Omit<FlowRevision, 'flowId' | 'document'>): FlowContext {
  const { account, revision, customFields, capGenerations = {}, lists = new Map() } = surroundings;
  const { destinations = new Map() } = surroundings;
  // Each rule asks for the name of its field, and an account may have thousands.
  const custom = new Map(customFields.map((field) => [field.id, field]));
  return {
    account,
    revision,
    capGenerations,
    lists,
    destinations,
    fieldOf: (fieldId) => STANDARD_FIELDS.get(fieldId) ?? custom.get(fieldId),
    maskedFieldIds: maskedFieldIds(customFields),
  };
}
