import type { EventOfLead, EventRecord } from '../events/event-store.ts';
import type { OutboxRow, SendFault } from './channel.ts';

/** Where the events of one channel are sent to. */
export interface Sink {
  /** Is the event sent at all? Absent: each is. */
  takes?(event: Pick<EventRecord, 'type' | 'outcome'>): boolean;
  /** Never throws; one event may be sent again, with the same name and the same bytes. */
  send(event: { leadId: string; eventId: string; body: string }): Promise<SendResult>;
}

export type SendResult = { kind: 'put' } | { kind: 'failed'; fault: SendFault };

/** What became of the rows of a page. Rows that are in none of the lists were not begun, or not ended. */
export interface PageSent {
  delivered: OutboxRow[];
  /** Events that have arrived, those of rows that were not ended included. */
  events: number;
  refused: { row: OutboxRow; fault: SendFault }[];
  /** Rows that may not go before an event of their lead that was set aside. */
  held: OutboxRow[];
  /** Why nothing more was begun; null: all was. */
  fault: SendFault | null;
}

/**
 * Sends the events of a page: those of one lead one after the other, leads beside each other. A fault of the whole channel
 * lets what is under way end and begins nothing more.
 */
export async function sendEvents(page: {
  rows: readonly OutboxRow[];
  events: readonly EventOfLead[];
  sink: Sink;
  /** The body of an event, made when it is sent: of all others of the page nothing is in memory. */
  write(event: EventOfLead): Promise<string>;
  atOnceMax: number;
  /** May another event be begun? */
  mayGoOn(): boolean;
}): Promise<PageSent> {
  const { sink, write, mayGoOn } = page;
  const sent: PageSent = { delivered: [], events: 0, refused: [], held: [], fault: null };
  const leads = groupByLead(page.rows, page.events).values();

  async function sendRow({ row, events }: RowWithEvents): Promise<boolean> {
    for (const event of events) {
      if (sent.fault !== null || !mayGoOn()) return false;
      if (sink.takes?.(event.event) === false) continue;
      const result = await sink.send({ leadId: row.leadId, eventId: event.event.id, body: await write(event) });
      if (result.kind === 'put') {
        sent.events += 1;
        continue;
      }
      if (result.fault.kind === 'object') sent.refused.push({ row, fault: result.fault });
      else sent.fault ??= result.fault;
      return false;
    }
    sent.delivered.push(row);
    return true;
  }

  async function sendLeads(): Promise<void> {
    for (const rows of leads) {
      for (const each of rows) {
        if (each.row.isBehindFailed) sent.held.push(each.row);
        else if (!(await sendRow(each))) break;
      }
      if (sent.fault !== null || !mayGoOn()) return;
    }
  }

  await Promise.all(Array.from({ length: page.atOnceMax }, sendLeads));
  return sent;
}

interface RowWithEvents {
  row: OutboxRow;
  events: EventOfLead[];
}

/** In the order of the rows, which is that of their events. */
function groupByLead(rows: readonly OutboxRow[], events: readonly EventOfLead[]): Map<string, RowWithEvents[]> {
  const eventsOf = new Map<string, EventOfLead[]>();
  for (const each of events) {
    const known = eventsOf.get(each.event.leadId);
    if (known) known.push(each);
    else eventsOf.set(each.event.leadId, [each]);
  }
  const leads = new Map<string, RowWithEvents[]>();
  for (const row of rows) {
    const own = (eventsOf.get(row.leadId) ?? []).filter(({ event: { seq } }) => seq >= row.seq && seq <= row.lastSeq);
    const known = leads.get(row.leadId);
    if (known) known.push({ row, events: own });
    else leads.set(row.leadId, [{ row, events: own }]);
  }
  return leads;
}
