import { isId, isShortId } from '../../../lib/ids.ts';
import type { Vars } from '../../../model/vars.ts';
import { textOf } from '../../../variables/rich-value.ts';
import type { BuiltinExchangeModule, ModuleVariable } from '../../contract.ts';
import {
  buildFlowPost,
  FLOW_RESPONSE_VARIABLES,
  findOutcomeProblem,
  listFields,
  readFlowAnswer,
} from '../leadconduit-default/outbound.ts';

// biome-ignore format: a table reads better in rows
const REQUEST_VARIABLES: readonly ModuleVariable[] = [
  { name: 'flow_id', type: 'string', description: 'The id of the other flow', required: true },
  { name: 'source_id', type: 'string', description: 'The source of that flow that the lead comes to: the id of its entity, or its own', required: true },
  { name: 'default_outcome', type: 'string', description: 'Outcome when the answer has none: success, failure or error (default)', required: false },
  { name: 'lead.*', type: 'wildcard', description: 'Every field of the lead is sent', required: false },
  { name: 'custom.*', type: 'wildcard', description: 'Field to send beside or instead of one of the lead', required: false },
  { name: 'price', type: 'number', description: 'Price to offer the lead for; default 0', required: false },
];

/**
 * `sluice.outbound.flow`: hands the lead to another flow of this installation and takes its answer over. The server runs
 * that flow itself; there is no network (decision page 0089). A credential of the step is the key that the source may ask for.
 */
export function createFlowModule(): BuiltinExchangeModule {
  return {
    id: 'sluice.outbound.flow',
    version: '1.0.0',
    name: 'Flow of this installation',
    direction: 'outbound',
    style: 'request/response',
    takesAuthorization: true,
    requestVariables: REQUEST_VARIABLES,
    responseVariables: FLOW_RESPONSE_VARIABLES,
    validate,
    request: (vars) => buildFlowPost(buildFlowUrl(vars), listFields(vars, vars['custom'])),
    // A request that made no lead is answered as the API answers errors.
    response: (vars, _request, response) => readFlowAnswer(vars, response, ['reason', 'message', 'error']),
  };
}

function validate(vars: Vars): string | undefined {
  if (!isId(readText(vars, 'flow_id'))) return 'flow_id must be 24 hexadecimal characters';
  const sourceId = readText(vars, 'source_id');
  if (!isId(sourceId) && !isShortId(sourceId)) return 'source_id must be 24 hexadecimal characters, or 6 of a source';
  return findOutcomeProblem(vars);
}

/** Where the request of a step to another flow goes: it leaves no process. */
export const OWN_FLOWS = 'sluice://flows/';

function buildFlowUrl(vars: Vars): string {
  return `${OWN_FLOWS}${readText(vars, 'flow_id').toLowerCase()}/sources/${readText(vars, 'source_id')}/submit`;
}

function readText(vars: Vars, name: string): string {
  return textOf(vars[name]).trim();
}
