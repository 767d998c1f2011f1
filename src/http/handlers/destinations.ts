import type { Principal } from '../../access/principal.ts';
import { completeDestination, type GivenDestination } from '../../destinations/complete-destination.ts';
import type { DestinationStore } from '../../destinations/destination.ts';
import type { FlowStore } from '../../flows/flow-store.ts';
import { loadSurroundings, type SurroundingsDeps } from '../../flows/flow-surroundings.ts';
import { recheckFlows } from '../../flows/recheck-flows.ts';
import type { ProblemsDeps } from '../../flows/save-flow.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';
import { newSigningSecret } from './new-signing-secret.ts';
import { sentenceOfUse } from './sentence-of-use.ts';

export interface DestinationDeps extends SurroundingsDeps, ProblemsDeps {
  destinations: DestinationStore;
  flows: FlowStore;
  /** Why a URL cannot be delivered to; undefined: it can. */
  urlProblem(url: string): string | undefined;
  randomBytes(count: number): Buffer;
  ids: Ids;
  clock: Pick<Clock, 'now'>;
}

interface DestinationRequest {
  principal: Principal;
  params: { id: string };
}

const UNKNOWN_DESTINATION = apiError('not_found', 'There is no destination with this instance id.');
const MALFORMED = 'The destination is not valid; details says where.';

/** `GET /destinations` (seed 003): an empty array when there are none; `include=flow_usages` says where each is used. */
export async function listDestinations(
  { destinations }: Pick<DestinationDeps, 'destinations'>,
  { principal, query }: { principal: Principal; query: { include: string[] | undefined } },
): Promise<ApiResult> {
  const found = await destinations.list(principal.accountId);
  if (!query.include?.includes('flow_usages')) return answer(200, found);
  const usages = await destinations.usages(principal.accountId);
  return answer(
    200,
    found.map((each) => {
      const flows = usages.get(each.instance_id) ?? [];
      return { ...each, flow_usages: { count: flows.length, flows } };
    }),
  );
}

/** `POST /destinations`: the answer alone carries the key that documents are signed with (decision 34). */
export async function createDestination(
  deps: DestinationDeps,
  { principal, body }: { principal: Principal; body: GivenDestination },
): Promise<ApiResult> {
  const completed = completeDestination(body, { ...deps, instanceId: deps.ids.next() });
  if (!completed.ok) return invalidDocument(completed.error, MALFORMED);
  const destination = completed.value;
  const secret = newSigningSecret(deps.randomBytes);
  await deps.destinations.insert(principal.accountId, { destination, secret, now: deps.clock.now() });
  return answer(201, { ...destination, secret });
}

/** `GET /destinations/{id}`. */
export async function readDestination(
  { destinations }: Pick<DestinationDeps, 'destinations'>,
  { principal, params }: DestinationRequest,
): Promise<ApiResult> {
  const found = await destinations.find({ accountId: principal.accountId, instanceId: params.id });
  return found ? answer(200, found) : UNKNOWN_DESTINATION;
}

/**
 * `PUT /destinations/{id}`: flows that use it send to the new URLs from now on, without a deploy. The key stays; so
 * must every action that a flow names.
 */
export async function replaceDestination(
  deps: DestinationDeps,
  { principal, params, body }: DestinationRequest & { body: GivenDestination },
): Promise<ApiResult> {
  const { accountId } = principal;
  const completed = completeDestination(body, { ...deps, instanceId: params.id });
  if (!completed.ok) return invalidDocument(completed.error, MALFORMED);
  const now = deps.clock.now();
  const replaced = await deps.destinations.replace(accountId, { destination: completed.value, now });
  if (replaced.kind === 'missing') return UNKNOWN_DESTINATION;
  if (replaced.kind === 'used')
    return apiError('conflict', sentenceOfUse('An action that is left out', replaced.flows));
  // A flow may have named an action before there was one.
  await recheckFlows(deps, { surroundings: await loadSurroundings(deps, accountId), named: params.id });
  return answer(200, replaced.destination);
}

/** `DELETE /destinations/{id}`: refused while a flow names it, as saved or as it runs. */
export async function removeDestination(
  { destinations }: Pick<DestinationDeps, 'destinations'>,
  { principal, params }: DestinationRequest,
): Promise<ApiResult> {
  const removed = await destinations.remove({ accountId: principal.accountId, instanceId: params.id });
  if (removed.kind === 'missing') return UNKNOWN_DESTINATION;
  if (removed.kind === 'done') return answer(200, removed.destination);
  return apiError('conflict', sentenceOfUse('The destination', removed.flows));
}

/** `POST /destinations/{id}/rotate_secret`: a new key, shown once; documents are signed with it from now on. */
export async function rotateDestinationSecret(
  { destinations, randomBytes, clock }: Pick<DestinationDeps, 'destinations' | 'randomBytes' | 'clock'>,
  { principal, params }: DestinationRequest,
): Promise<ApiResult> {
  const key = { accountId: principal.accountId, instanceId: params.id };
  const secret = newSigningSecret(randomBytes);
  const isWritten = await destinations.writeSecret(key, { secret, now: clock.now() });
  const found = isWritten ? await destinations.find(key) : null;
  return found ? answer(200, { ...found, secret }) : UNKNOWN_DESTINATION;
}
