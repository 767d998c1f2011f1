import { IANAZone } from 'luxon';
import type { Principal } from '../../access/principal.ts';
import type { Entity, EntityDefinition, EntityStore } from '../../entities/entity.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';
import { sentenceOfUse } from './sentence-of-use.ts';

export interface EntityDeps {
  entities: EntityStore;
  ids: Ids;
  clock: Pick<Clock, 'now'>;
}

/** The body of a request; what is left out is null, or false. */
type GivenEntity = Pick<EntityDefinition, 'name' | 'module_ids' | 'source' | 'recipient'> & {
  [Name in 'description' | 'field_suffix' | 'logo_url' | 'website' | 'time_zone']?: string;
} & { trustedform_certified_vendor?: boolean };

interface EntityRequest {
  principal: Principal;
  params: { id: string };
}

const UNKNOWN_ENTITY = apiError('not_found', 'There is no entity with this id.');
const ID_TAKEN = apiError('id_taken', 'There is an entity with this id already.');
const OWN_ENTITY = apiError('conflict', 'The entity of the account itself cannot be deleted.');

/** `GET /entities` (spec api 10). */
export async function listEntities(
  { entities }: Pick<EntityDeps, 'entities'>,
  { principal }: { principal: Principal },
): Promise<ApiResult> {
  const { accountId } = principal;
  return answer(
    200,
    (await entities.list(accountId)).map((entity) => describeEntity(entity, accountId)),
  );
}

/** `POST /entities`: with the id that is given, else a new one. */
export async function createEntity(
  { entities, ids, clock }: EntityDeps,
  { principal, body }: { principal: Principal; body: GivenEntity & { id?: string } },
): Promise<ApiResult> {
  const fault = findZoneFault(body);
  if (fault) return fault;
  const { accountId } = principal;
  const key = { accountId, entityId: body.id?.toLowerCase() ?? ids.next() };
  const made = await entities.insert(key, { definition: definitionOf(body), now: clock.now() });
  return made ? answer(201, describeEntity(made, accountId)) : ID_TAKEN;
}

/** `GET /entities/{id}`. */
export async function readEntity(
  { entities }: Pick<EntityDeps, 'entities'>,
  { principal, params }: EntityRequest,
): Promise<ApiResult> {
  const { accountId } = principal;
  const found = await entities.find({ accountId, entityId: params.id });
  return found ? answer(200, describeEntity(found, accountId)) : UNKNOWN_ENTITY;
}

/** `PUT /entities/{id}`: flows keep the name they were saved with, because rules may read by it (page 0057). */
export async function replaceEntity(
  { entities, clock }: Pick<EntityDeps, 'entities' | 'clock'>,
  { principal, params, body }: EntityRequest & { body: GivenEntity },
): Promise<ApiResult> {
  const fault = findZoneFault(body);
  if (fault) return fault;
  const { accountId } = principal;
  const made = { definition: definitionOf(body), now: clock.now() };
  const replaced = await entities.replace({ accountId, entityId: params.id }, made);
  return replaced ? answer(200, describeEntity(replaced, accountId)) : UNKNOWN_ENTITY;
}

/** `DELETE /entities/{id}`: refused while a flow names it, as saved or as it runs. */
export async function removeEntity(
  { entities }: Pick<EntityDeps, 'entities'>,
  { principal, params }: EntityRequest,
): Promise<ApiResult> {
  const { accountId } = principal;
  if (params.id === accountId) return OWN_ENTITY;
  const removed = await entities.remove({ accountId, entityId: params.id });
  if (removed.kind === 'missing') return UNKNOWN_ENTITY;
  if (removed.kind === 'done') return answer(200, describeEntity(removed.entity, accountId));
  return apiError('conflict', sentenceOfUse('The entity', removed.flows));
}

function findZoneFault({ time_zone: zone }: GivenEntity): ApiError | undefined {
  if (zone === undefined || IANAZone.isValidZone(zone)) return undefined;
  return invalidDocument([
    { path: 'time_zone', message: 'Must be a zone of the IANA database, as in America/Chicago.' },
  ]);
}

function definitionOf(given: GivenEntity): EntityDefinition {
  const { name, description, module_ids, source, recipient } = given;
  return {
    name,
    ...(description === undefined ? {} : { description }),
    module_ids: [...new Set(module_ids)],
    source,
    recipient,
    field_suffix: given.field_suffix ?? null,
    logo_url: given.logo_url ?? null,
    website: given.website ?? null,
    time_zone: given.time_zone ?? null,
    trustedform_certified_vendor: given.trustedform_certified_vendor ?? false,
  };
}

/** With what the original keeps of accounts that are joined: here there are none. */
function describeEntity(entity: Entity, accountId: string): object {
  return {
    ...entity,
    standard: false,
    account: entity.id === accountId,
    pending: false,
    connected: null,
    deprecated: false,
    invitation_id: null,
  };
}
