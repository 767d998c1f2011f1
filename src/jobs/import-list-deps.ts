import type { RunSliced } from '../lib/slices.ts';
import type { HashListForm } from '../lists/hash-list-form.ts';
import type { ListImportStore } from '../lists/list-store.ts';
import type { JobFileStore } from './job-files.ts';

/** What an import works with. */
export interface ImportListDeps {
  lists: ListImportStore;
  files: JobFileStore;
  hashListValue: HashListForm;
  runSliced: RunSliced;
}
