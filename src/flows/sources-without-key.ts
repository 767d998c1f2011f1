import { maySubmit } from '../access/may-submit.ts';
import type { Principal } from '../access/principal.ts';
import type { Sliced } from '../lib/slices.ts';
import type { Problem } from '../model/problem.ts';
import { isJsonObject, type JsonObject } from './flow-json.ts';
import { idsOfSource } from './list-source-ids.ts';

/**
 * Sources that ask for an API key when none in force may submit to them: every lead there would get 401.
 * `keys`: those in force; undefined: they are not known, and nothing is found.
 */
export function* findSourcesWithoutKey(
  document: JsonObject,
  keys: readonly Principal[] | undefined,
): Sliced<Problem[]> {
  yield;
  const { id, sources } = document;
  if (keys === undefined || !Array.isArray(sources)) return [];
  const flowId = typeof id === 'string' ? id.toLowerCase() : '';
  return sources.flatMap((source: unknown, index) =>
    isJsonObject(source) ? findFault(source, { flowId, keys, path: `sources.${index}` }) : [],
  );
}

function findFault(
  source: JsonObject,
  { flowId, keys, path }: { flowId: string; keys: readonly Principal[]; path: string },
): Problem[] {
  const { authentication_required: isRequired, credential_id: named } = source;
  const credentialId = typeof named === 'string' && named !== '' ? named.toLowerCase() : null;
  if (isRequired !== true && credentialId === null) return [];
  const sourceIds = idsOfSource(source);
  const fits = keys.some((key) => maySubmit(key, { accountId: key.accountId, flowId, sourceIds, credentialId }));
  if (fits) return [];
  if (credentialId === null) return [{ path: `${path}.authentication_required`, message: NONE_FITS }];
  const isKnown = keys.some(({ actor }) => actor.id === credentialId);
  return [{ path: `${path}.credential_id`, message: isKnown ? MAY_NOT : NO_SUCH_KEY }];
}

const NONE_FITS =
  'No API key may submit to this source, so every lead gets 401: create one with POST /api_keys and the role vendor.';
const NO_SUCH_KEY =
  'No valid API key has this id, so every lead to this source gets 401: use an id of GET /api_keys, or leave it out.';
const MAY_NOT =
  'This API key may not submit to this source, so every lead gets 401: use another key, or create one that may.';
