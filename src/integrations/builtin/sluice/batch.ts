import { BATCH_ID_PROPERTY, BATCH_MODULE_ID, buildRowsUrl, ROW_PROPERTY } from '../../../model/batch.ts';
import type { Vars } from '../../../model/vars.ts';
import { isPlainObject, normalOf, textOf } from '../../../variables/rich-value.ts';
import type { BuiltinExchangeModule, ModuleVariable, NamedMapping } from '../../contract.ts';

/** A row of 200 columns with 300 characters each fits; a claim of many leads stays a few megabytes. */
const ROW_BYTES_MAX = 64 * 1024;
/** As deep as names of columns may be nested. */
const DEPTH_MAX = 8;

const REQUEST_VARIABLES: readonly ModuleVariable[] = [
  { name: BATCH_ID_PROPERTY, type: 'string', required: true, description: 'The id of the batch that gets the row' },
  {
    name: `${ROW_PROPERTY}.*`,
    type: 'wildcard',
    required: true,
    description: 'The values of the row, by the names of the columns of the batch',
  },
];

const RESPONSE_VARIABLES: readonly ModuleVariable[] = [
  { name: 'outcome', type: 'string', description: 'success when the row is stored' },
  { name: 'reason', type: 'string', description: 'Why it is not' },
];

/**
 * `sluice.outbound.batch`: adds a row to a batch of the account. The row is stored by the claim of the step, in the same
 * transaction, so what the module sends goes nowhere (decision page 0088).
 */
export function createBatchModule(): BuiltinExchangeModule {
  return {
    id: BATCH_MODULE_ID,
    version: '1.0.0',
    name: 'Batch',
    direction: 'outbound',
    style: 'request/response',
    requestVariables: REQUEST_VARIABLES,
    responseVariables: RESPONSE_VARIABLES,
    nameProblem: findTemplate,
    validate: (vars) => {
      if (batchIdOf(vars) === '') return 'Batch id is required';
      const size = new TextEncoder().encode(writeRow(vars)).length;
      return size > ROW_BYTES_MAX ? `A row has at most ${ROW_BYTES_MAX} bytes; this one has ${size}` : undefined;
    },
    request: (vars) => ({
      url: buildRowsUrl(batchIdOf(vars)),
      method: 'POST',
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      body: writeRow(vars),
    }),
    response: (_vars, _request, { status }) =>
      status === 201 ? { outcome: 'success' } : { outcome: 'error', reason: 'The row was not stored' },
  };
}

function batchIdOf(vars: Vars): string {
  return textOf(vars[BATCH_ID_PROPERTY]).trim();
}

/** Which batch a step fills must be known before a lead comes: a batch is not deleted while a flow names it. */
function findTemplate({ segments, value }: NamedMapping): string | undefined {
  if (segments.length !== 1 || segments[0] !== BATCH_ID_PROPERTY || !value.includes('{{')) return undefined;
  return 'The id of a batch is the same for every lead: write it out, without a template.';
}

/** The values as texts by column, as JSON. A column with a dot in its name is nested here. */
function writeRow(vars: Vars): string {
  return JSON.stringify(Object.fromEntries(listValues(vars[ROW_PROPERTY], '', 0)));
}

function listValues(value: unknown, name: string, depth: number): [string, string][] {
  const normal = normalOf(value);
  if (!isPlainObject(normal) || depth > DEPTH_MAX) return name === '' ? [] : [[name, textOfValue(normal)]];
  return Object.entries(normal).flatMap(([each, member]) =>
    listValues(member, name === '' ? each : `${name}.${each}`, depth + 1),
  );
}

function textOfValue(value: unknown): string {
  return Array.isArray(value) ? value.map((member) => textOf(member)).join(', ') : textOf(value);
}
