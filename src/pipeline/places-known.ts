import type { CapRequest, CapSeen, ListRequest, ListVerdict, PlacesAsked, PlacesSeen } from './run-store.ts';

/**
 * What a lead was shown of lists and caps. It decides with this alone: a value is found or not, a cap has room or not (a
 * revenue cap for an amount),
 * and what was found or full once stays so for this lead (decision page 0065). So a lead decides again at most once for
 * each of them.
 */
export interface PlacesKnown {
  lists: ReadonlyMap<string, ListVerdict>;
  caps: ReadonlyMap<string, CapSeen>;
}

export const NOTHING_KNOWN: PlacesKnown = { lists: new Map(), caps: new Map() };

/** What of it is not known yet. null: all of it is. */
export function findUnknown(known: PlacesKnown, asked: PlacesAsked): PlacesAsked | null {
  const lists = asked.lists.filter((list) => !known.lists.has(listName(list)));
  const caps = asked.caps.filter((cap) => !known.caps.has(capName(cap)));
  return lists.length + caps.length === 0 ? null : { lists, caps };
}

/** With what a look or a claim has shown. */
export function addSeen(known: PlacesKnown, asked: PlacesAsked, seen: PlacesSeen): PlacesKnown {
  const lists = new Map(known.lists);
  asked.lists.forEach((list, index) => {
    const verdict = seen.lists[index];
    if (verdict && !lists.get(listName(list))?.found) lists.set(listName(list), verdict);
  });
  const caps = new Map(known.caps);
  asked.caps.forEach((cap, index) => {
    const now = seen.caps[index];
    if (now && !caps.get(capName(cap))?.refusal) caps.set(capName(cap), now);
  });
  return { lists, caps };
}

/** undefined: the lead has not looked at it. */
export function findListVerdict(known: PlacesKnown, list: ListRequest): ListVerdict | undefined {
  return known.lists.get(listName(list));
}

/** undefined: the lead has not looked at it. */
export function findCapSeen(known: PlacesKnown, cap: CapRequest): CapSeen | undefined {
  return known.caps.get(capName(cap));
}

/** Decisions one lead may take at most: each after the first has learnt of one more value or cap. */
export function countDecisionsMax({ lists, caps }: PlacesKnown): number {
  return lists.size + caps.size + 1;
}

/** Two checks of one value may have different look-backs. */
function listName({ listId, value, cutoff }: ListRequest): string {
  return `${listId} ${value.toString('hex')} ${cutoff}`;
}

/** Where a cap counts money, there may be room for one amount and none for another. */
function capName({ capId, startsAt, amount }: CapRequest): string {
  return amount === undefined ? `${capId} ${startsAt}` : `${capId} ${startsAt} ${amount}`;
}
