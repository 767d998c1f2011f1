import type { FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
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
  const sources = Array.isArray(document['sources']) ? document['sources'] : [];
  const levels = [
    { level: document, path: 'pricing_service' },
    ...sources.map((level, index) => ({ level, path: `sources.${index}.pricing_service` })),
  ];
  return levels.flatMap(({ level, path }) => {
    const named = isJsonObject(level) ? level['pricing_service'] : undefined;
    const id = isJsonObject(named) ? named['service_id'] : undefined;
    if (typeof id !== 'string' || id === '' || services.has(id)) return [];
    return [{ path: `${path}.service_id`, message: UNKNOWN }];
  });
}

const UNKNOWN =
  'There is no pricing service with this id, so the fallback price stands for every lead: GET /pricing_services lists them, POST /pricing_services makes one.';
