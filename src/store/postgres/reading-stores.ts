import type pg from 'pg';
import type { LeadFileStore } from '../../batches/batch.ts';
import type { EventStore } from '../../events/event-store.ts';
import type { LeadSearchStore } from '../../events/lead-search-store.ts';
import type { PingStore } from '../../events/ping-store.ts';
import type { ReasonStore } from '../../events/reason-store.ts';
import type { MoneyStore } from '../../feedback/feedback-store.ts';
import type { FieldUsageStore } from '../../flows/field-usage-store.ts';
import type { ScanStore } from '../../reports/scan-store.ts';
import type { StatisticsStore } from '../../reports/statistics-store.ts';
import { createLeadFileStore } from './batch-files.ts';
import { createEventStore } from './events.ts';
import { createMoneyStore } from './feedback.ts';
import { createFieldUsageStore } from './field-usage.ts';
import { createLeadSearchStore } from './lead-search.ts';
import { createPingStore } from './pings.ts';
import { createReasonStore } from './reasons.ts';
import { createScanStore } from './scans.ts';
import { createStatisticsStore } from './statistics.ts';

/** The only stores that may ask a hot standby. `pool` is that of the standby, where there is one. */
export function createReadingStores(pool: pg.Pool): {
  events: EventStore;
  reasons: ReasonStore;
  pings: PingStore;
  fieldUsage: FieldUsageStore;
  money: MoneyStore;
  leadFiles: LeadFileStore;
  leadSearch: LeadSearchStore;
  statistics: StatisticsStore;
  scans: ScanStore;
} {
  return {
    events: createEventStore(pool),
    reasons: createReasonStore(pool),
    pings: createPingStore(pool),
    fieldUsage: createFieldUsageStore(pool),
    money: createMoneyStore(pool),
    leadFiles: createLeadFileStore(pool),
    leadSearch: createLeadSearchStore(pool),
    statistics: createStatisticsStore(pool),
    scans: createScanStore(pool),
  };
}
