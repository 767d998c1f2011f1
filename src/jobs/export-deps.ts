import type { FindRevision } from '../events/revisions.ts';
import type { ExportWorkStore } from '../exports/export.ts';
import type { RunSliced } from '../lib/slices.ts';
import type { Account } from '../model/entity.ts';

/** What an export is made with. */
export interface ExportDeps {
  exports: ExportWorkStore;
  findAccount(accountId: string): Promise<Account | null>;
  findRevision: FindRevision;
  /** In slices that are shorter than those of other work, because there are so many. */
  runSliced: RunSliced;
}
