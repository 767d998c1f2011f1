import type { FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import { authenticatesRequests } from '../model/credential.ts';
import type { Problem } from '../model/problem.ts';
import { isJsonObject, type JsonObject } from './flow-json.ts';

/**
 * References to a pricing service that does not exist. `services`: those of the account; undefined: they are not known,
 * and nothing is found.
 */
export function findUnknownPricingServices(
  document: JsonObject,
  services: FlowSurroundings['pricingServices'] | undefined,
): Problem[] {
  if (services === undefined) return [];
  return listNamed(document)
    .filter(({ id }) => !services.has(id))
    .map(({ path }) => ({ path, message: UNKNOWN }));
}

const UNKNOWN =
  'There is no pricing service with this id, so the fallback price stands for every lead: GET /pricing_services lists them, POST /pricing_services makes one.';

/** References to a pricing service that cannot be asked, because it has no credential that it could be asked with. */
export function findServicesWithoutCredential(
  document: JsonObject,
  { pricingServices, credentials }: Partial<Pick<FlowSurroundings, 'pricingServices' | 'credentials'>>,
): Problem[] {
  if (pricingServices === undefined || credentials === undefined) return [];
  return listNamed(document).flatMap(({ id, path }) => {
    const credentialId = pricingServices.get(id)?.credentialId ?? null;
    const type = credentialId === null ? undefined : credentials.get(credentialId)?.type;
    if (credentialId === null || (type !== undefined && authenticatesRequests(type))) return [];
    return [{ path, message: WITHOUT_CREDENTIAL }];
  });
}

const WITHOUT_CREDENTIAL =
  'The credential of this pricing service does not exist or cannot authenticate a request, so the fallback price stands for every lead: give it another one with PUT /pricing_services.';

function listNamed(document: JsonObject): { id: string; path: string }[] {
  const sources = Array.isArray(document['sources']) ? document['sources'] : [];
  const levels = [
    { level: document, path: 'pricing_service' },
    ...sources.map((level, index) => ({ level, path: `sources.${index}.pricing_service` })),
  ];
  return levels.flatMap(({ level, path }) => {
    const named = isJsonObject(level) ? level['pricing_service'] : undefined;
    const id = isJsonObject(named) ? named['service_id'] : undefined;
    return typeof id === 'string' && id !== '' ? [{ id, path: `${path}.service_id` }] : [];
  });
}
