import { isJsonObject, type JsonObject } from './flow-json.ts';

/** What stands for a secret in a stored document and in every answer. Sent back, it keeps what is stored. */
export const MASK = '********';

/** Where a flow may have a connection string of Azure, as the name of its secret. */
export const CONNECTION_STRING_PATH = 'firehose.services.azure.connection_string';

/** The document as it is stored, with the mask in the place of a connection string, which is `secret`; null: none is given. */
export function takeConnectionString(document: JsonObject): { document: JsonObject; secret: string | null } {
  const { firehose } = document;
  const services = isJsonObject(firehose) ? firehose['services'] : undefined;
  const azure = isJsonObject(services) ? services['azure'] : undefined;
  const given = isJsonObject(azure) ? azure['connection_string'] : undefined;
  if (typeof given !== 'string' || given.trim() === '' || given === MASK) return { document, secret: null };
  const masked = { ...(azure as JsonObject), connection_string: MASK }; // it has the string
  const masking = { ...(services as JsonObject), azure: masked };
  return { document: { ...document, firehose: { ...(firehose as JsonObject), services: masking } }, secret: given };
}
