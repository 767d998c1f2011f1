import type { Books, StoredEvent } from './books.ts';
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
          .map(([id, told]) => ({ id, told, stored: leads.get(id)?.outcome ?? told }))
          .filter(({ told, stored }) => told !== stored)
          .map(({ id, told, stored }) => `${id}: told ${told}, stored ${stored}`),
      ),
  },
  {
    name: 'deliveries made twice',
    find: ({ deliveries }) => aboveOne(countBy(deliveries.map(deliveryKey))),
  },
  {
    name: 'people delivered for two leads, whose sender tried again',
    find({ deliveries }) {
      const pairs = new Set(deliveries.map(({ phone, leadId }) => `${phone} ${leadId}`));
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
    name: 'caps overshot by their counters',
    find: (books) =>
      limits(books).flatMap(({ capId, maximum }) =>
        excess(`cap ${capId}`, sumOf(books, capId, 'count') + sumOf(books, capId, 'held') - maximum),
      ),
  },
  {
    name: 'caps overshot by deliveries at the recipient',
    find: (books) =>
      limits(books).flatMap(({ capId, maximum, countedStepIds }) => {
        const counted = new Set(countedStepIds);
        const leadIds = books.deliveries.filter(({ stepId }) => counted.has(stepId)).map(({ leadId }) => leadId);
        return excess(`cap ${capId}`, new Set(leadIds).size - maximum);
      }),
  },
  {
    name: 'places that counters and leads disagree about',
    find: (books) =>
      limits(books).flatMap(({ capId, flow, stepId }) => {
        const difference = sumOf(books, capId, 'count') - placesKept(books, { flow, stepId });
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
];

function sumOf({ windows }: Books, capId: string, column: 'count' | 'held'): number {
  return windows.filter((window) => window.capId === capId).reduce((sum, window) => sum + window[column], 0);
}

/** Places that should be used up, by how the leads ended: successes, and deliveries nobody knows the end of. */
function placesKept(books: Books, { flow, stepId }: { flow: ChaosFlow; stepId: string | null }): number {
  const keeps = (event: StoredEvent): boolean => event.outcome === 'success' || event.isUnknown;
  if (stepId !== null) return books.events.filter((event) => event.stepId === stepId && keeps(event)).length;
  const unknown = new Set(books.events.filter(({ isUnknown }) => isUnknown).map(({ leadId }) => leadId));
  return [...books.leads].filter(
    ([id, { flowId, outcome }]) => flowId === flow.id && (outcome === 'success' || unknown.has(id)),
  ).length;
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
