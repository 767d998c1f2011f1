import type { Principal } from '../access/principal.ts';
import { maskedFieldIds } from '../fields/find-field.ts';
import { STANDARD_FIELDS } from '../fields/standard-fields.ts';
import type { RunSliced } from '../lib/slices.ts';
import type { Account } from '../model/entity.ts';
import type { Field } from '../model/field.ts';
import type { FlowDocument } from '../model/flow.ts';
import type { FlowTargets } from '../model/flow-targets.ts';
import type { Problem } from '../model/problem.ts';
import { listNamedBatches } from './compile-batches.ts';
import { listNamedCredentials } from './compile-credentials.ts';
import { type Compilation, type CompileDeps, compileFlowInSlices, placeFlow } from './compile-flow.ts';
import { listNamedPricingServices } from './compile-pricing-services.ts';
import type { CompiledFlow, FlowContext, LiveDestination } from './compiled-flow.ts';
import { findTooMuch } from './flow-points.ts';

/** What a flow may name beside itself, of its account as it is now. Compiling depends on the first eight alone. */
export interface FlowSurroundings {
  account: Account;
  customFields: readonly Field[];
  /** Flows that run go on as if these existed; a flow that lists one cannot be deployed. */
  deletedFields: readonly Field[];
  /** By url name, which `listUrlName` makes of the name a list check gives. A deploy makes those that are missing. */
  lists: FlowContext['lists'];
  /** By instance id, with their keys. */
  destinations: FlowContext['destinations'];
  /** By id, with their secrets. */
  pricingServices: FlowContext['pricingServices'];
  /** By id, without their secrets, which are read when a request is built. */
  credentials: FlowContext['credentials'];
  /** By id, with their columns, which warnings ask for. */
  batches: FlowContext['batches'];
  /** What warnings ask of modules; absent: nothing. */
  modules?: CompileDeps['modules'];
  /** Why a delivery to a URL would be refused; absent: nothing is known of it. */
  urlProblem?: (url: string) => string | undefined;
  /** The flows that deliveries lead to; absent: nothing is known of them. */
  flowTargets?: FlowTargets;
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
  surroundings: FlowSurroundings;
  /** Only a flow that is to run needs these. */
  capGenerations?: FlowContext['capGenerations'];
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

  function findChecked(document: FlowDocument, named: string): Compilation | undefined {
    return last?.document === document && last.named === named ? last.compilation : undefined;
  }

  return {
    compile: async ({ flowId, document, surroundings, ...place }) => {
      const context = buildContext(surroundings, place);
      const identified = { ...document, id: flowId };
      const checked = findChecked(document, printNamed(document, surroundings));
      if (checked) return placeFlow(checked.flow, identified, { context, modules });
      return (await runSliced(compileFlowInSlices(identified, { context, modules }))).flow;
    },
    // At save there is no revision yet and no counts.
    findProblems: async (document, surroundings) => {
      const named = printNamed(document, surroundings);
      const checked = findChecked(document, named);
      if (checked) return checked.problems;
      // A flow that was deployed under another limit runs on; only what is saved or deployed is held to it.
      const tooMuch = await runSliced(findTooMuch(document));
      if (tooMuch.length > 0) return tooMuch;
      const context = buildContext(surroundings, { revision: 0 });
      const compilation = await runSliced(compileFlowInSlices(document, { context, modules }));
      last = { document, named, compilation };
      return compilation.problems;
    },
  };
}

/** What was compiled last to find its problems. */
interface Checked {
  document: FlowDocument;
  /** What the flow named beside itself, as it was then. */
  named: string;
  compilation: Compilation;
}

/** Its lists are put in when it is placed. */
function printNamed(document: FlowDocument, surroundings: FlowSurroundings): string {
  const { account, customFields, deletedFields, pricingServices, credentials, batches } = surroundings;
  return JSON.stringify([
    account,
    customFields,
    deletedFields,
    listNamedDestinations(document, surroundings),
    listNamedPricingServices(document, pricingServices),
    listNamedCredentials(document, credentials),
    listNamedBatches(document, batches),
  ]);
}

/** The destinations that a flow names, in its order; null: there is none with its id. */
export function listNamedDestinations(
  { destinations = [] }: FlowDocument,
  surroundings: Pick<FlowSurroundings, 'destinations'>,
): (LiveDestination | null)[] {
  return (destinations ?? []).map(({ instance_id: id }) => surroundings.destinations.get(id ?? '') ?? null);
}

/** What a flow or a router is compiled in. */
export function buildContext(
  {
    account,
    customFields,
    deletedFields,
    lists,
    destinations,
    pricingServices,
    credentials,
    batches,
  }: FlowSurroundings,
  { revision, capGenerations = {} }: Pick<FlowRevision, 'revision' | 'capGenerations'>,
): FlowContext {
  const fields = [...customFields, ...deletedFields];
  // Each rule asks for the name of its field, and an account may have thousands.
  const custom = new Map(fields.map((field) => [field.id, field]));
  const deleted = new Set(deletedFields.map(({ id }) => id));
  return {
    account,
    revision,
    capGenerations,
    lists,
    destinations,
    pricingServices,
    credentials,
    batches,
    fieldOf: (fieldId) => STANDARD_FIELDS.get(fieldId) ?? custom.get(fieldId),
    isDeletedField: (fieldId) => deleted.has(fieldId) && !STANDARD_FIELDS.has(fieldId),
    maskedFieldIds: maskedFieldIds(fields),
  };
}
