import { append } from './append.ts';
import { credential } from './credential.ts';
import { event } from './event.ts';
import { http } from './http.ts';
import { integrationLookup } from './integration-lookup.ts';
import { outboundMapping } from './outbound-mapping.ts';
import { response } from './response.ts';
import { STAGE_ACCESS, type StageName } from './stage-access.ts';
import { stepCaps } from './step-caps.ts';
import { stepCriteria } from './step-criteria.ts';
import type { StageVerdict, StepRun } from './step-run.ts';
import { typeParsing } from './type-parsing.ts';
import { validate } from './validate.ts';

/** One row of the table below. */
export interface Stage {
  /** Also the name of its file. */
  name: StageName;
  run(stepRun: StepRun): StageVerdict | Promise<StageVerdict>;
  /** What of the step’s run and of the lead’s it reads and writes, see stage-access.ts. */
  reads: readonly string[];
  writes: readonly string[];
  ofLead: { reads: readonly string[]; writes: readonly string[] };
  /** The step's outcome when the row does not pass. */
  endsWith: string;
  what: string;
}

/** The second table of the product: what a recipient step does, in the order of seed 003 (spec behaviour 6.4). */
const ROWS: readonly Omit<Stage, 'reads' | 'writes' | 'ofLead'>[] = [
  { name: 'integration-lookup', run: integrationLookup, endsWith: 'error', what: 'Finds the module by its id.' },
  { name: 'step-criteria', run: stepCriteria, endsWith: 'skip', what: 'Evaluates the step’s own rules.' },
  {
    name: 'credential',
    run: credential,
    endsWith: 'error',
    what: 'Opens the stored credential that the step names.',
  },
  {
    name: 'outbound-mapping',
    run: outboundMapping,
    endsWith: '',
    what: 'Fills the module’s properties from the variables.',
  },
  { name: 'type-parsing', run: typeParsing, endsWith: '', what: 'Reads them as the types the module declares.' },
  { name: 'validate', run: validate, endsWith: 'skip', what: 'The module says whether it can send this.' },
  { name: 'step-caps', run: stepCaps, endsWith: 'skip', what: 'Looks at every matching cap of the step.' },
  {
    name: 'http',
    run: http,
    endsWith: 'error',
    what: 'Claims the places and commits the intent, sends, waits for the answer.',
  },
  {
    name: 'response',
    run: response,
    endsWith: 'error',
    what: 'The module says what the answer means; the sale is priced.',
  },
  { name: 'append', run: append, endsWith: '', what: 'Makes the answer visible to later steps under the step’s key.' },
  { name: 'event', run: event, endsWith: '', what: 'Records what happened.' },
];

export const STAGES: readonly Stage[] = ROWS.map((row) => ({ ...row, ...STAGE_ACCESS[row.name] }));

/** A step that ends early is still visible to later rules and leaves its event. */
export const ENDS_GO_ON_WITH = 'append';
