import type { FlowDocument } from '../model/flow.ts';
import type { LivePricingService } from '../model/pricing.ts';
import { compileLookup } from '../variables/lookup.ts';
import type { IsSecretName } from '../variables/secret-names.ts';
import type { CompiledPricingService, FlowContext } from './compiled-flow.ts';

/** The services that a flow and its sources name, in the order of the document; null: there is none with this id. */
export function listNamedPricingServices(
  { pricing_service: ofFlow, sources }: FlowDocument,
  services: FlowContext['pricingServices'],
): (LivePricingService | null)[] {
  return [ofFlow, ...sources.map((source) => source.pricing_service)].flatMap((named) =>
    named?.service_id ? [services.get(named.service_id) ?? null] : [],
  );
}

/** The same ready to be asked, by id. A path that cannot be parsed finds nothing; the API refuses it. */
export function compilePricingServices(
  document: FlowDocument,
  { context, isSecretField }: { context: Pick<FlowContext, 'pricingServices'>; isSecretField: IsSecretName },
): ReadonlyMap<string, CompiledPricingService> {
  const named = listNamedPricingServices(document, context.pricingServices);
  return new Map(
    named.flatMap((live) => (live ? [[live.id, compilePricingService(live, isSecretField)] as const] : [])),
  );
}

function compilePricingService(live: LivePricingService, isSecretField: IsSecretName): CompiledPricingService {
  const variables = live.variables.map((path) => ({
    path,
    lookup: compileLookup(path),
    isSecret: isSecretField(path),
  }));
  return { live, variables };
}
