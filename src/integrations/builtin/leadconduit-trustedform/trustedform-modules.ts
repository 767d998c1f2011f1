import type { Vars } from '../../../model/vars.ts';
import type { BuiltinExchangeModule, BuiltinHandleModule, ModuleVariable } from '../../contract.ts';
import { type AllowsPrivateHosts, deliveryUrlProblem } from '../../formats/delivery-url.ts';
import { certificateProblem, otherServer } from './certificate.ts';
import { CLAIM, type ClaimKind, type ClaimTools, CONSENT, CONSENT_PLUS_DATA, claimCertificate } from './claim.ts';
import { buildOperations, operationsProblem, readOperations } from './operations.ts';
import { buildPeek, readPeek, TOKEN_VARIABLE } from './peek.ts';
import {
  CLAIM_APPENDED,
  CLAIM_VARIABLES,
  CONSENT_APPENDED,
  CONSENT_PLUS_DATA_APPENDED,
  OPERATIONS_APPENDED,
  OPERATIONS_VARIABLES,
  PEEK_APPENDED,
  PEEK_VARIABLES,
} from './trustedform-variables.ts';

/** The hosted package whose measured behaviour this is. */
const VERSION = '2.6.0';
const PACKAGE = 'leadconduit-trustedform.outbound';

export interface TrustedFormOptions {
  allowsPrivateHosts: AllowsPrivateHosts;
  /** The operator's token for the data service, for steps without a credential; '': there is none. */
  operatorToken: string;
  tools: ClaimTools;
}

/** The steps of TrustedForm (spec modules e, api 20; decision page 0085). */
export function createTrustedFormModules(options: TrustedFormOptions): (BuiltinExchangeModule | BuiltinHandleModule)[] {
  const { operatorToken, tools } = options;
  const peek = (path: string, name: string): BuiltinExchangeModule => ({
    ...identify(path, name),
    style: 'request/response',
    requestVariables: PEEK_VARIABLES,
    responseVariables: PEEK_APPENDED,
    envVariables: [TOKEN_VARIABLE],
    validate: (vars) => placeProblem(vars, { ...options, allowsPings: true }),
    request: (vars) => buildPeek(vars, { operatorToken }),
    response: (_vars, _request, response) => readPeek(response),
  });
  const claim = (
    path: string,
    name: string,
    { kind, appended }: { kind: ClaimKind; appended: readonly ModuleVariable[] },
  ): BuiltinHandleModule => ({
    ...identify(path, name),
    style: 'handle',
    requestVariables: CLAIM_VARIABLES,
    responseVariables: appended,
    validate: (vars) => placeProblem(vars, { ...options, allowsPings: false }),
    handle: (vars, exchanges) => claimCertificate(kind, { vars, exchanges, tools }),
  });
  return [
    {
      ...identify('trustedform', 'TrustedForm'),
      style: 'request/response',
      requestVariables: OPERATIONS_VARIABLES,
      responseVariables: OPERATIONS_APPENDED,
      validate: (vars) => placeProblem(vars, { ...options, allowsPings: false }) ?? operationsProblem(vars),
      request: (vars) => buildOperations(vars, tools),
      response: (vars, _request, response) => readOperations(vars, response),
    },
    claim('claim', 'TrustedForm Claim', { kind: CLAIM, appended: CLAIM_APPENDED }),
    claim('consent', 'TrustedForm Consent', { kind: CONSENT, appended: CONSENT_APPENDED }),
    claim('consent_plus_data', 'TrustedForm Consent + Insights', {
      kind: CONSENT_PLUS_DATA,
      appended: CONSENT_PLUS_DATA_APPENDED,
    }),
    peek('insights', 'TrustedForm Insights'),
    peek('decision_service_ping', 'TrustedForm Decision Service Ping'),
    peek('decision_service_post', 'TrustedForm Decision Service Post'),
  ];
}

function identify(path: string, name: string) {
  return { id: `${PACKAGE}.${path}`, version: VERSION, name, direction: 'outbound' } as const;
}

function placeProblem(
  vars: Vars,
  { allowsPrivateHosts, allowsPings }: { allowsPrivateHosts: AllowsPrivateHosts; allowsPings: boolean },
): string | undefined {
  const problem = certificateProblem(vars, { allowsPings });
  if (problem !== undefined) return problem;
  const server = otherServer(vars);
  return server === undefined ? undefined : deliveryUrlProblem(server, allowsPrivateHosts);
}
