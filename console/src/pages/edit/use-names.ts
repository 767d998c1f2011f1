import { queryOptions, useQuery } from '@tanstack/react-query';
import type { FlowDocument } from '../../../../src/model/flow.ts';
import { api } from '../../api/client.ts';
import { useMay, useSession } from '../../api/use-session.ts';
import type { EditorNames } from '../../editor/part-props.ts';

/** What changes rarely while a flow is edited. */
const STALE_MS = 60_000;

export const fieldsQuery = queryOptions({
  queryKey: ['fields'],
  queryFn: () => api.listFields(),
  staleTime: STALE_MS,
});
const listsQuery = queryOptions({ queryKey: ['lists'], queryFn: () => api.listLists(), staleTime: STALE_MS });
const credentialsQuery = queryOptions({
  queryKey: ['credentials'],
  queryFn: () => api.listCredentials(),
  staleTime: STALE_MS,
});
const servicesQuery = queryOptions({
  queryKey: ['pricing-services'],
  queryFn: () => api.listPricingServices(),
  staleTime: STALE_MS,
});

const NONE = [] as const;

/** What parts of the editor offer by name. What is not read yet, or may not be read, is offered later or not. */
export function useNames(flowId: string, document: FlowDocument): EditorNames {
  const { account } = useSession();
  const mayReadLists = useMay('lists.read');
  const { data: fields = NONE } = useQuery(fieldsQuery);
  const { data: lists = NONE } = useQuery({ ...listsQuery, enabled: mayReadLists });
  const { data: credentials = NONE } = useQuery(credentialsQuery);
  const { data: pricingServices = NONE } = useQuery(servicesQuery);
  return { flowId, document, fields, lists, credentials, pricingServices, timeZone: account.time_zone };
}
