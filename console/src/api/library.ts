import { queryOptions } from '@tanstack/react-query';
import { SluiceError } from '../../../client/src/client.ts';
import { api } from './client.ts';

export type List = Awaited<ReturnType<typeof api.listLists>>[number];
export type ListType = List['type'];
export type ImportedFile = Awaited<ReturnType<typeof api.importListFile>>['file'];
export type Field = Awaited<ReturnType<typeof api.listFields>>[number];
export type Credential = Awaited<ReturnType<typeof api.listCredentials>>[number];
export type CredentialType = Awaited<ReturnType<typeof api.listCredentialTypes>>[number];
export type CredentialUse = Awaited<ReturnType<typeof api.listCredentialUses>>[number];
export type Entity = Awaited<ReturnType<typeof api.listEntities>>[number];
export type Module = Awaited<ReturnType<typeof api.listModules>>[number];
export type Package = Awaited<ReturnType<typeof api.listPackages>>[number];
export type Batch = Awaited<ReturnType<typeof api.listBatches>>[number];
export type BatchFile = Awaited<ReturnType<typeof api.listBatchFiles>>[number];

export const listsQuery = queryOptions({ queryKey: ['lists'], queryFn: () => api.listLists() });
export const listQuery = (id: string) => queryOptions({ queryKey: ['lists', id], queryFn: () => api.readList(id) });
export const listUsesQuery = (id: string) =>
  queryOptions({ queryKey: ['lists', id, 'uses'], queryFn: () => api.listListUses(id) });

/** When the value was added to the list; null: it is not on it. What was asked is kept nowhere. */
export async function lookUpValue(list: string, value: string): Promise<string | null> {
  try {
    const { entries } = await api.lookUpListItem(list, value);
    return entries[0]?.added_at ?? null;
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'http_404') return null;
    throw error;
  }
}

export const fieldsQuery = queryOptions({ queryKey: ['fields'], queryFn: () => api.listFields() });

/** Names of the data types; the same for every account. */
export const typeNamesQuery = queryOptions({
  queryKey: ['types', 'names'],
  queryFn: async () => (await api.listTypes()).map(({ name }) => name),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The flows that have each field, by its id. */
export const fieldFlowsQuery = queryOptions({
  queryKey: ['flows', 'fields'],
  queryFn: async () => {
    const flows = await api.listFlows({ include: ['id', 'name', 'fields'] });
    const users = new Map<string, { id: string; name: string }[]>();
    for (const { id = '', name = '', fields } of flows)
      for (const field of Array.isArray(fields) ? fields : [])
        if (typeof field === 'string') users.set(field, [...(users.get(field) ?? []), { id, name }]);
    return users;
  },
});

export const credentialsQuery = queryOptions({ queryKey: ['credentials'], queryFn: () => api.listCredentials() });
export const credentialQuery = (id: string) =>
  queryOptions({ queryKey: ['credentials', id], queryFn: () => api.readCredential(id) });
export const credentialUsesQuery = (id: string) =>
  queryOptions({ queryKey: ['credentials', id, 'uses'], queryFn: () => api.listCredentialUses(id) });
/** The same for every account. */
export const credentialTypesQuery = queryOptions({
  queryKey: ['credential-types'],
  queryFn: () => api.listCredentialTypes(),
  staleTime: Number.POSITIVE_INFINITY,
});

export const entitiesQuery = queryOptions({ queryKey: ['entities'], queryFn: () => api.listEntities() });
export const packagesQuery = queryOptions({ queryKey: ['packages'], queryFn: () => api.listPackages() });
export const modulesQuery = queryOptions({ queryKey: ['modules'], queryFn: () => api.listModules() });
export const moduleQuery = (id: string) =>
  queryOptions({ queryKey: ['modules', id], queryFn: () => api.readModule(id) });

/** While a batch delivers, and while it does not. */
const BUSY_POLL_MS = 3_000;
const IDLE_POLL_MS = 30_000;

/** Is it delivered, or does something of it wait? */
export function isBatchBusy(batch: Pick<Batch, 'running' | 'waiting_rows' | 'waiting_files'> | undefined): boolean {
  return batch !== undefined && (batch.running || batch.waiting_rows > 0 || batch.waiting_files > 0);
}

export const batchesQuery = queryOptions({ queryKey: ['batches'], queryFn: () => api.listBatches() });
export const batchQuery = (id: string) =>
  queryOptions({
    queryKey: ['batches', id],
    queryFn: () => api.readBatch(id),
    refetchInterval: ({ state }) => (isBatchBusy(state.data) ? BUSY_POLL_MS : IDLE_POLL_MS),
  });

/** Of one page; the address says from where it goes on. */
export const BATCH_FILES_MAX = 50;

/** `isBusy`: rows or files of the batch wait, so that files come and change. */
export const batchFilesQuery = (
  id: string,
  filter: { state?: BatchFile['state']; before_id?: string },
  { isBusy }: { isBusy: boolean },
) =>
  queryOptions({
    queryKey: ['batches', id, 'files', filter],
    queryFn: () => api.listBatchFiles(id, { ...filter, limit: BATCH_FILES_MAX }),
    refetchInterval: isBusy ? BUSY_POLL_MS : IDLE_POLL_MS,
  });
