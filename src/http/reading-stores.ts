import type { LeadFileStore } from '../batches/batch.ts';
import type { EventStore } from '../events/event-store.ts';
import type { LeadSearchStore } from '../events/lead-search-store.ts';
import type { PingStore } from '../events/ping-store.ts';
import type { ReasonStore } from '../events/reason-store.ts';
import type { MoneyStore } from '../feedback/feedback-store.ts';
import type { FieldUsageStore } from '../flows/field-usage-store.ts';
import type { ScanStore } from '../reports/scan-store.ts';
import type { StatisticsStore } from '../reports/statistics-store.ts';

/**
 * The stores of routes that only show what leads left behind. A hot standby may answer them (`SLUICE_READ_DATABASE_URL`,
 * decision page 0067): what it does not have yet is not there for them. Nothing is decided by what they return; what
 * judges, claims or changes something asks other stores.
 */
export interface ReadingStores {
  events: EventStore;
  reasons: ReasonStore;
  pings: PingStore;
  fieldUsage: FieldUsageStore;
  money: MoneyStore;
  leadFiles: LeadFileStore;
  leadSearch: LeadSearchStore;
  statistics: StatisticsStore;
  scans: ScanStore;
}
