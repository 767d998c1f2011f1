import type { ImportListDeps } from '../jobs/import-list-deps.ts';
import { createJobFileStore } from '../store/postgres/job-files.ts';
import { createListImportStore } from '../store/postgres/list-imports.ts';
import type { ServerParts } from './server-parts.ts';

/** What files are brought into lists with, by a request and by its job. */
export function buildImportDeps({ pool, secretBox, phases, runSliced }: ServerParts): ImportListDeps {
  return {
    lists: createListImportStore(pool),
    files: createJobFileStore(pool, secretBox),
    hashListValue: phases.hashListValue,
    runSliced,
  };
}
