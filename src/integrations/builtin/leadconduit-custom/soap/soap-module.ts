import type { Vars } from '../../../../model/vars.ts';
import { normalOf, textOf } from '../../../../variables/rich-value.ts';
import type { BuiltinHandleModule, Exchanges, HandleEnd } from '../../../contract.ts';
import type { AllowsPrivateHosts } from '../../../formats/delivery-url.ts';
import { SOAP_RESPONSE_VARIABLES, SOAP_VARIABLES } from '../custom-variables.ts';
import { nameProblem } from '../name-problem.ts';
import { fetchWsdl } from './fetch-wsdl.ts';
import { soapEvent } from './soap-event.ts';
import { soapRequest } from './soap-request.ts';
import { readSecurity, type SoapSecurity, type SoapTools } from './soap-security.ts';
import { validateSoap, versionOf } from './validate-soap.ts';
import { findOperation } from './wsdl.ts';
import { createWsdlCache, type WsdlCache } from './wsdl-cache.ts';

/** The hosted module's own, shorter than that of the others (spec modules c4). */
const TIMEOUT_SECONDS = 10;

/**
 * `leadconduit-custom.outbound.soap`: a function of a web service, called with arguments. The WSDL that says how is
 * fetched first and kept for a while; only the message is the delivery, so whatever fails before it is `unsent`.
 */
export function createSoapModule(options: {
  allowsPrivateHosts: AllowsPrivateHosts;
  tools: SoapTools;
}): BuiltinHandleModule {
  const { allowsPrivateHosts, tools } = options;
  const cache = createWsdlCache(tools.clock);
  return {
    id: 'leadconduit-custom.outbound.soap',
    // The hosted package whose measured behaviour this is.
    version: '2.23.8',
    name: 'SOAP',
    direction: 'outbound',
    takesAuthorization: true,
    style: 'handle',
    requestVariables: SOAP_VARIABLES,
    responseVariables: SOAP_RESPONSE_VARIABLES,
    nameProblem,
    validate: (vars) => validateSoap(vars, allowsPrivateHosts),
    handle: (vars, exchanges) => deliver(vars, { exchanges, cache, tools }),
  };
}

interface Delivering {
  exchanges: Exchanges;
  cache: WsdlCache;
  tools: SoapTools;
}

async function deliver(vars: Vars, { exchanges, cache, tools }: Delivering): Promise<HandleEnd> {
  const security = readSecurity(vars);
  const timeoutSeconds = readTimeout(vars);
  const wsdl = await loadWsdl(textOf(vars['url']).trim(), { security, timeoutSeconds, exchanges, cache });
  if (!wsdl.ok) return { kind: 'unsent', reason: wsdl.error.reason };
  const version = versionOf(vars);
  const found = findOperation(wsdl.value, textOf(vars['function']).trim(), version);
  if (!found) return { kind: 'unsent', reason: 'Unsupported SOAP function specified' };
  const request = soapRequest(vars, { wsdl: wsdl.value, found, version, security, tools, timeoutSeconds });
  if (!request.ok) return { kind: 'unsent', reason: request.error };
  const answer = await exchanges.send(request.value);
  if (answer.kind !== 'answered') return { kind: answer.kind, reason: answer.reason };
  return { kind: 'answered', appended: soapEvent(vars, { found, wsdl: wsdl.value, answer }) };
}

/** Who asks may decide what the WSDL says, so each has an own copy. */
async function loadWsdl(
  url: string,
  {
    security,
    timeoutSeconds,
    exchanges,
    cache,
  }: { security: SoapSecurity; timeoutSeconds: number; exchanges: Exchanges; cache: WsdlCache },
): ReturnType<typeof fetchWsdl> {
  const authorization = security.kind === 'http' ? security.authorization : undefined;
  const key = JSON.stringify([url, authorization ?? null]);
  const known = cache.find(key);
  if (known) return known;
  const fetched = await fetchWsdl(url, { exchanges, authorization, timeoutSeconds });
  cache.keep(key, fetched);
  return fetched;
}

function readTimeout(vars: Vars): number {
  const seconds = Number(normalOf(vars['timeout_seconds']));
  return seconds >= 1 ? seconds : TIMEOUT_SECONDS;
}
