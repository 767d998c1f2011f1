import type { Vars } from '../../../model/vars.ts';
import type { BuiltinExchangeModule, ModuleVariable, OutboundRequest } from '../../contract.ts';
import type { AllowsPrivateHosts } from '../../formats/delivery-url.ts';
import { customResponse } from './custom-response.ts';
import {
  FORM_VARIABLES,
  JSON_VARIABLES,
  QUERY_VARIABLES,
  RESPONSE_VARIABLES,
  XML_VARIABLES,
} from './custom-variables.ts';
import { formRequest } from './form-request.ts';
import { jsonRequest } from './json-request.ts';
import { nameProblem } from './name-problem.ts';
import { queryRequest } from './query-request.ts';
import { type CustomDemands, validateCustom } from './validate-custom.ts';
import { xmlRequest } from './xml-request.ts';

interface CustomModule extends CustomDemands {
  path: string;
  name: string;
  requestVariables: readonly ModuleVariable[];
  request(vars: Vars): OutboundRequest;
}

/** What a JSON delivery demands; the one with a token demands the same. */
export const JSON_DEMANDS: CustomDemands & { methods: readonly string[] } = {
  contentType: /json/i,
  methods: ['POST', 'PUT', 'DELETE', 'PATCH'],
};

/** Deliveries an operator configures property by property. They differ in the request; the answer is read alike. */
// biome-ignore format: a table reads better in rows
const CUSTOM_MODULES: readonly CustomModule[] = [
  { path: 'form', name: 'Form', requestVariables: FORM_VARIABLES, request: formRequest, contentType: /form-urlencoded/i },
  { path: 'query', name: 'Query', requestVariables: QUERY_VARIABLES, request: queryRequest, contentType: null },
  { path: 'json', name: 'JSON', requestVariables: JSON_VARIABLES, request: jsonRequest, ...JSON_DEMANDS },
  { path: 'xml', name: 'XML', requestVariables: XML_VARIABLES, request: xmlRequest, contentType: /xml/i, methods: ['POST', 'PUT', 'PATCH'] },
];

/** The modules `leadconduit-custom.outbound.*`. Production refuses private hosts; a demo may deliver to `localhost`. */
export function createCustomModules(options: { allowsPrivateHosts: AllowsPrivateHosts }): BuiltinExchangeModule[] {
  return CUSTOM_MODULES.map((module) => ({
    id: `leadconduit-custom.outbound.${module.path}`,
    // The hosted package whose measured behaviour this is.
    version: '2.23.8',
    name: module.name,
    direction: 'outbound',
    style: 'request/response',
    takesAuthorization: true,
    requestVariables: module.requestVariables,
    responseVariables: RESPONSE_VARIABLES,
    nameProblem,
    validate: (vars) => validateCustom(vars, module, options.allowsPrivateHosts),
    request: module.request,
    response: (vars, _request, response, reading) => customResponse(vars, response, reading),
  }));
}
