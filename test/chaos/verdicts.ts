import type { Books, Delivery, StoredEvent } from './books.ts';
import type { ChaosFlow, Limit } from './flows.ts';

/** What must hold of the books once nothing is under way. */
export interface Verdict {
  name: string;
  /** How many break it; 0 when all is well. */
  broken: number;
  /** The first that breaks it, to begin a search with. */
  example: string | null;
}

/** Judges the books by every row of the table. */
export function judge(books: Books): Verdict[] {
  return VERDICTS.map(({ name, find }) => {
    const found = find(books);
    return {
      name,
      broken: found.reduce((sum, { times }) => sum + times, 0),
      example: found[0]?.what ?? null,
    };
  });
}

/** Of several judgements, each verdict where it was broken most. */
export function worst(judgements: readonly Verdict[][]): Verdict[] {
  return VERDICTS.map(({ name }) => {
    const same = judgements.flat().filter((verdict) => verdict.name === name);
    return same.reduce((most, verdict) => (verdict.broken > most.broken ? verdict : most), {
      name,
      broken: 0,
      example: null,
    });
  });
}

interface Fault {
  what: string;
  times: number;
}

interface VerdictRow {
  name: string;
  find(books: Books): Fault[];
}

const VERDICTS: readonly VerdictRow[] = [
  {
    name: 'acknowledged leads missing',
    find: ({ acknowledged, leads }) => faults([...acknowledged.keys()].filter((id) => !leads.has(id))),
  },
  {
    name: 'acknowledged with another outcome than stored',
    find: ({ acknowledged, leads }) =>
      faults(
        [...acknowledged]
          .map(([id, answered]) => ({ id, answered, stored: leads.get(id)?.outcome ?? answered }))
          .filter(({ answered, stored }) => answered !== stored)
          .map(({ id, answered, stored }) => `${id}: answered ${answered}, stored ${stored}`),
      ),
  },
  {
    name: 'deliveries made twice',
    find: ({ deliveries }) => aboveOne(countBy(listSales(deliveries).map(deliveryKey))),
  },
  {
    name: 'deliveries repeated under another key',
    find({ deliveries }) {
      const keys = new Set(
        deliveries.flatMap((each) => (each.key === null ? [] : [`${deliveryKey(each)}: ${each.key}`])),
      );
      return aboveOne(countBy([...keys].map((key) => key.split(': ')[0] ?? '')));
    },
  },
  {
    name: 'deliveries repeated although the one before may have arrived',
    find(books) {
      const steps = retriedSteps(books);
      const isOver = new Set<string>();
      return faults(
        books.events
          .filter(({ stepId }) => stepId !== null && steps.get(stepId) === false)
          .flatMap((event) => {
            const key = deliveryKey(event);
            const isRepeated = isOver.has(key);
            if (event.isUnknown) isOver.add(key);
            return isRepeated ? [key] : [];
          }),
      );
    },
  },
  {
    name: 'people delivered for two leads, whose sender tried again',
    find({ deliveries }) {
      const bought = deliveries.filter(({ isBought }) => isBought);
      const pairs = new Set(bought.map(({ phone, leadId }) => `${phone} ${leadId}`));
      return aboveOne(countBy([...pairs].map((pair) => `phone ${pair.split(' ')[0]}`)));
    },
  },
  {
    name: 'deliveries the store knows nothing of',
    find({ deliveries, events }) {
      const known = new Set(events.map(({ leadId, stepId }) => deliveryKey({ leadId, stepId })));
      return faults(deliveries.map(deliveryKey).filter((key) => !known.has(key)));
    },
  },
  {
    name: 'requests without an event of their own',
    find({ deliveries, events }) {
      const answered = countBy(events.filter(({ outcome }) => outcome !== 'skip').map(deliveryKey));
      return [...countBy(deliveries.map(deliveryKey))].flatMap(([key, count]) =>
        excess(key, count - (answered.get(key) ?? 0)),
      );
    },
  },
  {
    name: 'caps overshot by their counters',
    find: (books) =>
      limits(books).flatMap(({ capId, maximum }) =>
        excess(`cap ${capId}`, addUp(books, capId, 'count') + addUp(books, capId, 'held') - maximum),
      ),
  },
  {
    name: 'caps overshot by deliveries at the recipient',
    find: (books) =>
      limits(books).flatMap(({ capId, maximum, countedStepIds }) =>
        excess(`cap ${capId}`, takenBy(books, countedStepIds) - maximum),
      ),
  },
  {
    name: 'counters below 0',
    find: ({ windows }) =>
      windows.flatMap(({ capId, count, held }) =>
        excess(`cap ${capId}: count ${count}, held ${held}`, -Math.min(0, count, held)),
      ),
  },
  {
    name: 'caps of steps that count fewer leads than the recipient took',
    find: (books) =>
      limits(books)
        .filter(({ stepId }) => stepId !== null)
        .flatMap(({ capId, countedStepIds }) =>
          excess(
            `cap ${capId}`,
            takenBy(books, countedStepIds) - addUp(books, capId, 'count') - addUp(books, capId, 'held'),
          ),
        ),
  },
  {
    name: 'places that counters and leads disagree about',
    find: (books) =>
      limits(books).flatMap(({ capId, flow, stepId }) => {
        const difference = addUp(books, capId, 'count') - placesKept(books, { flow, stepId });
        return excess(`cap ${capId} counts ${difference} too many`, Math.abs(difference));
      }),
  },
  {
    name: 'leads without exactly one source event',
    find({ leads, events }) {
      const sources = countBy(events.filter(({ type }) => type === 'source').map(({ leadId }) => leadId));
      return faults([...leads.keys()].filter((id) => sources.get(id) !== 1));
    },
  },
  {
    name: 'events without a lead',
    find: ({ leads, events }) => faults(events.map(({ leadId }) => leadId).filter((id) => !leads.has(id))),
  },
  {
    name: 'holds left over',
    find: ({ windows, listHolds, runs }) => [
      ...windows.flatMap(({ capId, held }) => excess(`cap ${capId}: held ${held}`, Math.abs(held))),
      ...faults(listHolds.map((leadId) => `list value held by ${leadId}`)),
      ...faults(runs.map((leadId) => `run of ${leadId}`)),
    ],
  },
  {
    name: 'failed deliveries that are not queued exactly once',
    find(books) {
      const queued = countBy(books.retries.map(({ eventId }) => eventId));
      const due = books.events.filter((event) => isToBeRetried(books, event)).map(({ id }) => id);
      const isDue = new Set(due);
      return faults([
        ...due.filter((id) => queued.get(id) !== 1).map((id) => `event ${id} is queued ${queued.get(id) ?? 0} times`),
        ...[...queued.keys()].filter((id) => !isDue.has(id)).map((id) => `event ${id} is queued and should not be`),
      ]);
    },
  },
  {
    name: 'retries whose attempts are not 1, 2, 3 …',
    find({ retries, events }) {
      const byRetry = new Map<string | null, (number | null)[]>();
      for (const { retryId, attempt } of events) byRetry.set(retryId, [...(byRetry.get(retryId) ?? []), attempt]);
      return faults(
        retries
          .filter(({ id, attempts }) => {
            const numbers = (byRetry.get(id) ?? []).sort((a, b) => Number(a) - Number(b));
            return numbers.length !== attempts || numbers.some((number, index) => number !== index + 1);
          })
          .map(({ id, attempts }) => `retry ${id} counts ${attempts}, its events say ${byRetry.get(id) ?? 'nothing'}`),
      );
    },
  },
  {
    name: 'retries that ended otherwise than their events',
    find({ retries, events }) {
      const sold = countBy(events.filter(({ outcome }) => outcome === 'success').map(({ retryId }) => retryId ?? ''));
      return faults(
        retries
          .filter(({ id, status }) => (sold.get(id) ?? 0) !== (status === 'succeeded' ? 1 : 0))
          .map(({ id, status }) => `retry ${id} is ${status} with ${sold.get(id) ?? 0} successes`),
      );
    },
  },
  {
    name: 'retries that run in no process',
    find: ({ retries }) => faults(retries.filter(({ status }) => status === 'running').map(({ id }) => id)),
  },
  {
    name: 'deliveries that may have arrived and are not listed for resolving, or twice',
    find({ events, unknowns }) {
      const asked = countBy(unknowns.map(({ eventId }) => eventId));
      const open = new Set(events.filter(({ isUnknown }) => isUnknown).map(({ id }) => id));
      return faults([
        ...[...open].filter((id) => asked.get(id) !== 1).map((id) => `event ${id}: asked ${asked.get(id) ?? 0} times`),
        ...[...asked.keys()].filter((id) => !open.has(id)).map((id) => `event ${id}: asked without a reason`),
      ]);
    },
  },
  {
    name: 'deliveries resolved otherwise than the recipient knows',
    find({ unknowns, deliveries }) {
      const bought = new Set(deliveries.filter(({ isBought }) => isBought).map(deliveryKey));
      return faults(
        unknowns
          .filter(({ resolution }) => resolution !== null)
          .filter((unknown) => bought.has(deliveryKey(unknown)) !== (unknown.resolution === 'delivered'))
          .map((unknown) => `${deliveryKey(unknown)} is resolved as ${unknown.resolution}`),
      );
    },
  },
];

/** What a recipient took, as it counts: a delivery it took before under the same key is the same one. */
function listSales(deliveries: readonly Delivery[]): Delivery[] {
  const keys = new Set<string>();
  return deliveries.filter((delivery) => {
    if (!delivery.isBought) return false;
    if (delivery.key === null) return true;
    const isNew = !keys.has(`${deliveryKey(delivery)} ${delivery.key}`);
    keys.add(`${deliveryKey(delivery)} ${delivery.key}`);
    return isNew;
  });
}

/** Step id → does its recipient know deliveries by their keys? */
function retriedSteps({ flows }: Books): Map<string, boolean> {
  return new Map(flows.flatMap(({ retried }) => retried.map(({ stepId, isKeyed }) => [stepId, isKeyed])));
}

/** A first delivery that ended in an error, unless it may have arrived at a recipient that knows no keys. */
function isToBeRetried(books: Books, { type, outcome, stepId, isUnknown }: StoredEvent): boolean {
  const isKeyed = stepId === null ? undefined : retriedSteps(books).get(stepId);
  return type === 'recipient' && outcome === 'error' && isKeyed !== undefined && (isKeyed || !isUnknown);
}

/** Leads that these steps' recipients took, by their own log. */
function takenBy({ deliveries }: Books, stepIds: readonly string[]): number {
  const counted = new Set(stepIds);
  const taken = deliveries.filter(({ stepId, isBought }) => isBought && counted.has(stepId));
  return new Set(taken.map(({ leadId }) => leadId)).size;
}

function addUp({ windows }: Books, capId: string, column: 'count' | 'held'): number {
  return windows.filter((window) => window.capId === capId).reduce((sum, window) => sum + window[column], 0);
}

/** Of a retry that may still deliver. */
const WAITING = ['waiting', 'running', 'unknown'];

/**
 * Places that should be used up, by how the leads ended: successes, and deliveries of unknown end. However
 * often a delivery was tried, it has one place.
 */
function placesKept(books: Books, { flow, stepId }: { flow: ChaosFlow; stepId: string | null }): number {
  const notDelivered = new Set(
    books.unknowns.filter(({ resolution }) => resolution === 'not_delivered').map(deliveryKey),
  );
  const isOpen = (event: StoredEvent): boolean => event.isUnknown && !notDelivered.has(deliveryKey(event));
  if (stepId !== null) {
    const kept = books.events.filter(
      (event) => event.stepId === stepId && (event.outcome === 'success' || isOpen(event)),
    );
    return new Set(kept.map(({ leadId }) => leadId)).size;
  }
  const deliveries = books.events.filter((event) => event.stepId !== null && event.type !== 'filter');
  const open = new Set(deliveries.filter((event) => event.type === 'recipient' && isOpen(event)).map(leadOf));
  // Kept because of a delivery that did not arrive after all, and then because another one did.
  const asked = new Set(deliveries.filter((event) => event.type === 'recipient' && event.isUnknown).map(leadOf));
  const sold = new Set(deliveries.filter(({ outcome }) => outcome === 'success').map(leadOf));
  // Or because another of its deliveries is still to be tried again (decision 48).
  const isWaiting = new Set(
    books.retries.filter(({ status }) => WAITING.includes(status)).map(({ eventId }) => eventId),
  );
  const waits = new Set(deliveries.filter(({ id }) => isWaiting.has(id)).map(leadOf));
  const isKept = (id: string): boolean => open.has(id) || (asked.has(id) && (sold.has(id) || waits.has(id)));
  return [...books.leads].filter(
    ([id, { flowId, outcome }]) => flowId === flow.id && (outcome === 'success' || isKept(id)),
  ).length;
}

function leadOf({ leadId }: StoredEvent): string {
  return leadId;
}

function limits({ flows }: Books): (Limit & { flow: ChaosFlow })[] {
  return flows.flatMap((flow) => flow.limits.map((limit) => ({ ...limit, flow })));
}

function deliveryKey({ leadId, stepId }: Pick<StoredEvent, 'leadId' | 'stepId'>): string {
  return `lead ${leadId}, step ${stepId}`;
}

function faults(whats: readonly string[]): Fault[] {
  return whats.map((what) => ({ what, times: 1 }));
}

function excess(what: string, times: number): Fault[] {
  return times > 0 ? [{ what, times }] : [];
}

function aboveOne(counts: ReadonlyMap<string, number>): Fault[] {
  return [...counts].flatMap(([what, count]) => excess(what, count - 1));
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
