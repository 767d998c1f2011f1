import { queryOptions } from '@tanstack/react-query';
import type { TestedPricingService } from '../../../client/src/client.ts';
import { api } from './client.ts';

export type { TestedPricingService };
export type PricingService = Awaited<ReturnType<typeof api.listPricingServices>>[number];

export const pricingServicesQuery = queryOptions({
  queryKey: ['pricing-services'],
  queryFn: () => api.listPricingServices(),
});

/** One service, with the variables that it is sent. */
export const pricingServiceQuery = (id: string) =>
  queryOptions({ queryKey: ['pricing-services', id], queryFn: () => api.readPricingService(id), retry: false });

/** The flows that name it, as they are saved or as they run. */
export const pricingServiceUsesQuery = (id: string) =>
  queryOptions({ queryKey: ['pricing-services', id, 'uses'], queryFn: () => api.listPricingServiceUses(id) });

/** Asks it once, of no lead. Blank values are left out, so that the service gets null for them. */
export function testPricingService(
  id: string,
  values: Readonly<Record<string, string>>,
): Promise<TestedPricingService> {
  const variables = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  return api.testPricingService(id, { variables });
}
