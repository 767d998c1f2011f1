import type { Vars } from '../../../model/vars.ts';
import { unflatten } from '../../../variables/unflatten.ts';
import type { BuiltinInboundModule, HttpAnswer, InboundRequest } from '../../contract.ts';
import { DEFAULT_FIELD_IDS, pickFlat, pickLeaves, withPrice } from '../../formats/response-fields.ts';
import { inbound } from '../leadconduit-default/inbound.ts';
import { answerSender } from '../leadconduit-default/inbound-response.ts';
import { STANDARD_PACKAGE_VERSION } from './standard-package.ts';

/**
 * `leadconduit-standard.inbound.verbose`: takes leads as the default module does and returns to the sender everything that
 * steps appended, before the usual variables (spec modules b, last paragraph; api 4.3). It takes no pings.
 */
export const verbose: BuiltinInboundModule = {
  ...inbound,
  id: 'leadconduit-standard.inbound.verbose',
  version: STANDARD_PACKAGE_VERSION,
  name: 'LeadConduit Verbose',
  isPingable: false,
  response: writeVerbose,
};

function writeVerbose(
  request: InboundRequest,
  vars: Vars,
  fieldIds: readonly string[] = DEFAULT_FIELD_IDS,
): HttpAnswer {
  const shown = { ...pickLeaves(vars, 'appended'), ...pickFlat(vars, fieldIds) };
  return answerSender(request, { status: 201, values: unflatten(withPrice(shown)) });
}
