import type { Principal } from '../../access/principal.ts';
import type { AskPrice } from '../../credentials/ask-price.ts';
import type { CredentialStore } from '../../credentials/credential-store.ts';
import { describeMissing } from '../../credentials/open-credential.ts';
import { loadSurroundings, type SurroundingsDeps } from '../../flows/flow-surroundings.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import { authenticatesRequests } from '../../model/credential.ts';
import { dollars } from '../../model/money.ts';
import type { Problem } from '../../model/problem.ts';
import { buildPriceBody } from '../../pipeline/ask-for-price.ts';
import {
  PRICE_TIMEOUT_MS,
  type PricingServiceDefinition,
  type PricingServiceStore,
} from '../../pricing/pricing-service.ts';
import { parsePath } from '../../variables/property-path.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';
import { newSigningSecret } from './new-signing-secret.ts';
import { sentenceOfUse } from './sentence-of-use.ts';

export interface PricingServiceDeps extends SurroundingsDeps {
  pricingServices: PricingServiceStore;
  credentials: Pick<CredentialStore, 'find'>;
  /** Why a URL cannot be posted to; undefined: it can. */
  urlProblem(url: string): string | undefined;
  randomBytes(count: number): Buffer;
  askPrice: AskPrice;
  ids: Ids;
  clock: Pick<Clock, 'now' | 'monotonic'>;
}

interface ServiceRequest {
  principal: Principal;
  params: { id: string };
}

const UNKNOWN_SERVICE = apiError('not_found', 'There is no pricing service with this id.');
const MALFORMED = 'The pricing service is not valid; details says where.';

/** `GET /pricing_services`. */
export async function listPricingServices(
  { pricingServices }: Pick<PricingServiceDeps, 'pricingServices'>,
  { principal }: { principal: Principal },
): Promise<ApiResult> {
  return answer(200, await pricingServices.list(principal.accountId));
}

/** `POST /pricing_services`: the answer alone has the secret that questions are signed with. */
export async function createPricingService(
  deps: Pick<PricingServiceDeps, 'pricingServices' | 'credentials' | 'urlProblem' | 'randomBytes' | 'ids' | 'clock'>,
  { principal, body }: { principal: Principal; body: GivenService },
): Promise<ApiResult> {
  const problems = await findProblems(body, { ...deps, accountId: principal.accountId });
  if (problems.length > 0) return invalidDocument(problems, MALFORMED);
  const key = { accountId: principal.accountId, serviceId: deps.ids.next() };
  const secret = newSigningSecret(deps.randomBytes);
  const made = await deps.pricingServices.insert(key, {
    definition: definitionOf(body),
    secret,
    now: deps.clock.now(),
  });
  return answer(201, { ...made, secret });
}

/** `GET /pricing_services/{id}`. */
export async function readPricingService(
  { pricingServices }: Pick<PricingServiceDeps, 'pricingServices'>,
  { principal, params }: ServiceRequest,
): Promise<ApiResult> {
  const found = await pricingServices.find({ accountId: principal.accountId, serviceId: params.id });
  return found ? answer(200, found) : UNKNOWN_SERVICE;
}

/** `PUT /pricing_services/{id}`: flows that name it follow at once; the secret stays. */
export async function replacePricingService(
  deps: Pick<PricingServiceDeps, 'pricingServices' | 'credentials' | 'urlProblem' | 'clock'>,
  { principal, params, body }: ServiceRequest & { body: GivenService },
): Promise<ApiResult> {
  const problems = await findProblems(body, { ...deps, accountId: principal.accountId });
  if (problems.length > 0) return invalidDocument(problems, MALFORMED);
  const key = { accountId: principal.accountId, serviceId: params.id };
  const made = { definition: definitionOf(body), now: deps.clock.now() };
  const replaced = await deps.pricingServices.replace(key, made);
  return replaced ? answer(200, replaced) : UNKNOWN_SERVICE;
}

/** `DELETE /pricing_services/{id}`: refused while a flow names it, as saved or as it runs. */
export async function removePricingService(
  { pricingServices }: Pick<PricingServiceDeps, 'pricingServices'>,
  { principal, params }: ServiceRequest,
): Promise<ApiResult> {
  const removed = await pricingServices.remove({ accountId: principal.accountId, serviceId: params.id });
  if (removed.kind === 'missing') return UNKNOWN_SERVICE;
  if (removed.kind === 'done') return answer(200, removed.service);
  return apiError('conflict', sentenceOfUse('The pricing service', removed.flows));
}

/** `GET /pricing_services/{id}/uses`. */
export async function listPricingServiceUses(
  { pricingServices }: Pick<PricingServiceDeps, 'pricingServices'>,
  { principal, params }: ServiceRequest,
): Promise<ApiResult> {
  const key = { accountId: principal.accountId, serviceId: params.id };
  if (!(await pricingServices.find(key))) return UNKNOWN_SERVICE;
  return answer(200, await pricingServices.listUses(key));
}

/** `POST /pricing_services/{id}/rotate_secret`: a new secret, shown once; questions are signed with it from now on. */
export async function rotatePricingServiceSecret(
  { pricingServices, randomBytes, clock }: Pick<PricingServiceDeps, 'pricingServices' | 'randomBytes' | 'clock'>,
  { principal, params }: ServiceRequest,
): Promise<ApiResult> {
  const key = { accountId: principal.accountId, serviceId: params.id };
  const secret = newSigningSecret(randomBytes);
  const written = await pricingServices.writeSecret(key, { secret, now: clock.now() });
  return written ? answer(200, { ...written, secret }) : UNKNOWN_SERVICE;
}

/** `POST /pricing_services/{id}/test`: one real question of no lead, and what became of it. */
export async function testPricingService(
  deps: Pick<PricingServiceDeps, 'readSurroundings' | 'askPrice' | 'ids' | 'clock'>,
  { principal, params, body }: ServiceRequest & { body: { variables?: Record<string, unknown> } },
): Promise<ApiResult> {
  const { accountId } = principal;
  const { pricingServices } = await loadSurroundings(deps, accountId);
  const service = pricingServices.get(params.id);
  if (!service) return UNKNOWN_SERVICE;
  const variables = Object.fromEntries(service.variables.map((path) => [path, findGiven(body.variables, path)]));
  const { ids, clock } = deps;
  const question = buildPriceBody('price.test', { at: clock.now(), leadId: null, flow: null, source: null, variables });
  const startedAt = clock.monotonic();
  const asked = { accountId, id: `price_test_${ids.next()}`, body: question, timeoutMs: PRICE_TIMEOUT_MS };
  const exchange = await deps.askPrice(service, asked);
  const { answer: given, response } = exchange;
  return answer(200, {
    price: given.kind === 'priced' ? dollars(given.amount) : null,
    reason: given.kind === 'priced' ? given.reason : null,
    fault: given.kind === 'failed' ? given.fault : null,
    ms: Math.round(clock.monotonic() - startedAt),
    request: question,
    response,
  });
}

function findGiven(variables: Record<string, unknown> | undefined, path: string): unknown {
  return variables !== undefined && Object.hasOwn(variables, path) ? variables[path] : null;
}

async function findProblems(
  { url, variables, credential_id: credentialId = null }: GivenService,
  deps: Pick<PricingServiceDeps, 'urlProblem' | 'credentials'> & { accountId: string },
): Promise<Problem[]> {
  const problem = deps.urlProblem(url.trim());
  const ofCredential = credentialId === null ? undefined : await findCredentialProblem(deps, credentialId);
  return [
    ...(problem === undefined ? [] : [{ path: 'url', message: `${problem}.` }]),
    ...variables.flatMap((path, index) =>
      parsePath(path).ok ? [] : [{ path: `variables.${index}`, message: 'Must be a path such as lead.state.' }],
    ),
    ...(ofCredential === undefined ? [] : [{ path: 'credential_id', message: ofCredential }]),
  ];
}

async function findCredentialProblem(
  { credentials, accountId }: Pick<PricingServiceDeps, 'credentials'> & { accountId: string },
  credentialId: string,
): Promise<string | undefined> {
  const found = await credentials.find({ accountId, credentialId });
  if (!found) return describeMissing(credentialId);
  if (found.settings['location'] === 'none') return 'Only mappings read this key: it is not sent by itself.';
  if (authenticatesRequests(found.type)) return undefined;
  return `A credential of the type ${found.type} cannot authenticate a request.`;
}

function definitionOf({ name, url, variables, credential_id = null }: GivenService): PricingServiceDefinition {
  return { name: name.trim(), url: url.trim(), variables: [...new Set(variables)], credential_id };
}

type GivenService = Omit<PricingServiceDefinition, 'credential_id'> & { credential_id?: string | null };
