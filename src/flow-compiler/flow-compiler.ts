import { findField, maskedFieldIds } from '../fields/find-field.ts';
import type { Account } from '../model/entity.ts';
import type { Field } from '../model/field.ts';
import type { FlowDocument } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import { type CompileDeps, compileFlow } from './compile-flow.ts';
import type { CompiledFlow, FlowContext } from './compiled-flow.ts';

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
}

/** What keeps a well-formed flow from running, found by compiling it. */
export type FindProblems = (document: FlowDocument, surroundings: FlowSurroundings) => Problem[];

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

/** Compiles flows for the three who ask: leads that run, readers of what leads did, authors who save. */
export interface FlowCompiler {
  compile(revision: FlowRevision): CompiledFlow;
  findProblems: FindProblems;
}

export function createFlowCompiler(modules: CompileDeps['modules']): FlowCompiler {
  return {
    compile: ({ flowId, document, ...surroundings }) =>
      compileFlow({ ...document, id: flowId }, { context: contextOf(surroundings), modules }).flow,
    // At save there is no revision yet, no counts and no lists.
    findProblems: (document, surroundings) =>
      compileFlow(document, { context: contextOf({ ...surroundings, revision: 0 }), modules }).problems,
  };
}

function contextOf(surroundings: Omit<FlowRevision, 'flowId' | 'document'>): FlowContext {
  const { account, revision, customFields, capGenerations = {}, lists = new Map() } = surroundings;
  const { destinations = new Map() } = surroundings;
  return {
    account,
    revision,
    capGenerations,
    lists,
    destinations,
    fieldOf: (fieldId) => findField(fieldId, customFields),
    maskedFieldIds: maskedFieldIds(customFields),
  };
}
