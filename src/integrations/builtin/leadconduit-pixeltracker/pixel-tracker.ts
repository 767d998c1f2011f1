import type { Vars } from '../../../model/vars.ts';
import { textOf } from '../../../variables/rich-value.ts';
import type { BuiltinExchangeModule, ModuleVariable, OutboundRequest } from '../../contract.ts';
import { type AllowsPrivateHosts, deliveryUrlProblem } from '../../formats/delivery-url.ts';
import { encodeForm } from '../../formats/encode-form.ts';
import { propertyValues } from '../leadconduit-custom/property-values.ts';

// biome-ignore format: a table reads better in rows
const VARIABLES: readonly ModuleVariable[] = [
  { name: 'url', type: 'string', required: true, description: 'URL of the pixel', examples: ['https://pixel.example.com/p.gif'] },
  { name: 'parameter.*', type: 'wildcard', required: false, description: 'Query parameter; one alone is not sent, as with the original' },
];

/** Asks a URL with parameters and looks at nothing but the status (spec modules c6). */
export function createPixelTracker(options: { allowsPrivateHosts: AllowsPrivateHosts }): BuiltinExchangeModule {
  return {
    id: 'leadconduit-pixeltracker.outbound',
    version: '0.0.11',
    name: 'Pixel Tracker',
    direction: 'outbound',
    style: 'request/response',
    requestVariables: VARIABLES,
    responseVariables: [
      { name: 'outbound.outcome', type: 'string', description: 'success when the status is 2xx' },
      { name: 'outbound.reason', type: 'string', description: 'The status that it was instead' },
    ],
    validate: (vars) => deliveryUrlProblem(textOf(vars['url']), options.allowsPrivateHosts),
    request: buildRequest,
    response: (vars, _request, { status }, reading) => {
      if (parametersOf(vars).length === 1) reading?.warn(ONE_PARAMETER);
      if (status >= 200 && status < 300) return { outbound: { outcome: 'success' } };
      return { outbound: { outcome: 'failure', reason: `invalid status: (${status})` } };
    },
  };
}

const ONE_PARAMETER =
  'A single parameter is not sent, as with the original: map a second one, or write it into the url.';

function parametersOf(vars: Vars): [name: string, value: unknown][] {
  return Object.entries(propertyValues(vars['parameter'], { isAscii: false }));
}

/** With fewer than two parameters the URL is asked as it is (measured). */
function buildRequest(vars: Vars): OutboundRequest {
  const parameters = parametersOf(vars);
  const url = textOf(vars['url']).trim();
  return {
    method: 'GET',
    url: parameters.length < 2 ? url : addQuery(url, encodeForm(Object.fromEntries(parameters))),
    headers: { Accept: '*/*' },
  };
}

/** Behind the query that the URL has, and before its fragment. */
function addQuery(url: string, query: string): string {
  const [address = '', ...fragment] = url.split('#');
  const joint = address.includes('?') ? (/[?&]$/.test(address) ? '' : '&') : '?';
  return [`${address}${joint}${query}`, ...fragment].join('#');
}
