import { isJsonObject, type JsonObject } from './flow-json.ts';

/** What stands for a secret in a stored document and in every answer. Sent back, it keeps what is stored. */
export const MASK = '********';

/** Where a flow may have a connection string of Azure, as the name of its secret. */
export const CONNECTION_STRING_PATH = 'firehose.services.azure.connection_string';

/**
 * The document as it is stored, with the mask in the place of a connection string, which is `secret`; null: none is given.
 * One that stands where only Azure has it has no effect: it is masked, too, and kept nowhere.
 */
export function takeConnectionString(document: JsonObject): { document: JsonObject; secret: string | null } {
  const { firehose } = document;
  if (!isJsonObject(firehose)) return { document, secret: null };
  const { services } = firehose;
  const masked = { ...mask(firehose), ...(isJsonObject(services) ? { services: maskServices(services) } : {}) };
  const azure = isJsonObject(services) ? services['azure'] : undefined;
  const secret = isJsonObject(azure) && isSecret(azure['connection_string']) ? azure['connection_string'] : null;
  return { document: { ...document, firehose: masked }, secret };
}

/** The document without a mask that stands for nothing, such as that of a copied flow; the same one if it has none. */
export function dropMask(document: JsonObject): JsonObject {
  const { firehose } = document;
  const services = isJsonObject(firehose) ? firehose['services'] : undefined;
  const azure = isJsonObject(services) ? services['azure'] : undefined;
  if (!isJsonObject(azure) || typeof azure['connection_string'] !== 'string') return document;
  if (azure['connection_string'].trim() !== MASK) return document;
  const dropping = { ...(services as JsonObject), azure: { ...azure, connection_string: '' } }; // it has the mask
  return { ...document, firehose: { ...(firehose as JsonObject), services: dropping } };
}

/** Does a mask stand in the place of a connection string? */
export function hasMask(document: JsonObject): boolean {
  return dropMask(document) !== document;
}

/** The document with a connection string in the place of its mask. */
export function putConnectionString(document: JsonObject, secret: string): JsonObject {
  const dropped = dropMask(document);
  if (dropped === document) return document;
  // A mask was dropped, so all of these are there.
  const firehose = dropped['firehose'] as { services: { azure: JsonObject } };
  const azure = { ...firehose.services.azure, connection_string: secret };
  return { ...dropped, firehose: { ...firehose, services: { ...firehose.services, azure } } };
}

function maskServices(services: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => [name, isJsonObject(service) ? mask(service) : service]),
  );
}

function mask(place: JsonObject): JsonObject {
  return isSecret(place['connection_string']) ? { ...place, connection_string: MASK } : place;
}

function isSecret(given: unknown): given is string {
  return typeof given === 'string' && given.trim() !== '' && given.trim() !== MASK;
}
