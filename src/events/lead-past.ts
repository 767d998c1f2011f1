import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { LeadRecord } from './event-store.ts';

/**
 * A lead and the flow as it was when the lead ran. Together they are the whole record: what was configured is not stored
 * again with each lead.
 */
export interface LeadPast {
  lead: LeadRecord;
  flow: CompiledFlow;
}
