import { authorizeRequest } from '../../../credentials/authorize-request.ts';
import type { OpenedCredential } from '../../../credentials/open-credential.ts';
import type { CredentialRenewal, DeliveryResult, OutboundRequest } from '../../../integrations/contract.ts';
import { fail, ok, type Result } from '../../../lib/result.ts';
import { type LeadRun, type RunPart, routeOf } from '../../lead-run.ts';
import type { StepPart } from './stage-access.ts';
import type { StepRun } from './step-run.ts';

/** The request with the authorization of the step's credential, where its module leaves that to the engine. */
export function withAuthorization(
  { step, credential }: StepPart<'step' | 'credential'>,
  request: OutboundRequest,
): OutboundRequest {
  if (credential === null || step.module?.takesAuthorization !== true) return request;
  return authorizeRequest(request, credential.authorization);
}

const UNAUTHORIZED = 401;

/**
 * The request with another token, when the recipient refused the one that was put on the request here. A 401 says that the
 * request was not applied for lack of it (RFC 9110, 15.5.2), so nothing was taken; no other status and no missing answer
 * says so. null: there is nothing else to send, and what was answered stays.
 */
export async function renewAuthorization(
  stepRun: { readonly run: RunPart<'route'> } & StepPart<'credential' | 'deps'>,
  { refused, result, timeoutMs }: { refused: OutboundRequest; result: DeliveryResult | null; timeoutMs: number },
): Promise<{ request: OutboundRequest; credential: OpenedCredential } | null> {
  const { credential, run, deps } = stepRun;
  if (result?.kind !== 'answered' || result.response.status !== UNAUTHORIZED || !deps.credentials) return null;
  if (credential === null || credential.accessToken === null || !isAuthorizedBy(refused, credential)) return null;
  const key = { accountId: routeOf(run).flow.account.id, credentialId: credential.id };
  const opening = await deps.credentials.renew(key, { accessToken: credential.accessToken, timeoutMs });
  if (opening.kind === 'failed') return null;
  const { authorization } = opening.credential;
  if (authorization === null || isAuthorizedBy(refused, opening.credential)) return null;
  const headers = { ...refused.headers, [authorization.name]: authorization.value };
  return { request: { ...refused, headers }, credential: opening.credential };
}

/** What a module renewed is kept, and used by the leads after this one. */
export async function renewCredential(
  stepRun: { readonly run: RunPart<'route'> & Pick<LeadRun, 'opened'> } & StepPart<'deps'> &
    Pick<StepRun, 'credential' | 'isCredentialUpdated'>,
  { name, refused, obtain, timeoutMs }: CredentialRenewal & { timeoutMs: number },
): Promise<Result<string, string>> {
  const { run, deps, credential } = stepRun;
  if (!deps.credentials || credential === null) return fail('The step has no credential that could be renewed');
  let hasFetched = false;
  const renewal = {
    name,
    refused,
    timeoutMs,
    obtain: async () => {
      const fetched = await obtain();
      hasFetched = fetched.ok;
      if (fetched.ok) run.opened.push(fetched.value);
      return fetched;
    },
  };
  const key = { accountId: routeOf(run).flow.account.id, credentialId: credential.id };
  const opening = await deps.credentials.renewValue(key, renewal);
  if (opening.kind === 'failed') return fail(opening.reason);
  stepRun.credential = opening.credential;
  run.opened.push(...opening.credential.secrets);
  stepRun.isCredentialUpdated = hasFetched;
  return ok(String(opening.credential.vars[name] ?? ''));
}

function isAuthorizedBy({ headers }: OutboundRequest, { authorization }: OpenedCredential): boolean {
  return authorization?.kind === 'header' && headers[authorization.name] === authorization.value;
}
