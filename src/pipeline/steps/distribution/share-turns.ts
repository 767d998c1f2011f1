/*
 * Whose turn it is, without chance: each candidate has a credit, in parts of a turn. A choice hands one turn out among
 * those who may be chosen, by their weights, and takes what was handed out from the one chosen. So the credits of those who
 * may be chosen sum up as before, and those who may not (paused, full, closed) neither gain nor lose.
 */

/** Parts of one turn: whole numbers, so that nothing is lost by rounding however many turns there are. */
export const TURN = 1_000_000_000;

/** Credits by candidate, in parts of a turn: above 0 it is behind its share, below it is ahead. Absent: 0. */
export type Credits = Readonly<Record<string, number>>;

export interface Sharer {
  id: string;
  /** Its part in relation to the others; not negative. */
  weight: number;
}

export interface Choice {
  chosen: string;
  /** What the choice has changed, by candidate; the sum is 0. To be subtracted when the choice does not count. */
  changes: Record<string, number>;
}

/**
 * Chooses one of the sharers: of those that are behind their share the one that would be a whole turn behind first
 * (earliest deadline first). With the same sharers each time, none is ever a turn behind or ahead. Without any weight all are equal;
 * otherwise those of weight 0 are not chosen. Equal ones are in the order given. null: there are none.
 */
export function chooseNext(credits: Credits, sharers: readonly Sharer[]): Choice | null {
  const weighed = weigh(sharers);
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  const handedOut = weighed.map(({ id, weight }) => {
    const gain = Math.floor((weight / total) * TURN);
    return { id, gain, credit: (credits[id] ?? 0) + gain };
  });
  const [first, ...others] = handedOut;
  if (!first) return null;
  const chosen = others.reduce((best, each) => (isBefore(each, best) ? each : best), first);
  const changes = Object.fromEntries(handedOut.map(({ id, gain }) => [id, gain]));
  const sum = handedOut.reduce((all, { gain }) => all + gain, 0);
  changes[chosen.id] = chosen.gain - sum;
  return { chosen: chosen.id, changes };
}

/**
 * The same for one that has sold without having been chosen: a turn is handed out among the sharers and taken from it. It
 * need not be one of them. null: there are none.
 */
export function chargeTurn(sharers: readonly Sharer[], soldId: string): Choice | null {
  const weighed = weigh(sharers);
  if (weighed.length === 0) return null;
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  const changes = Object.fromEntries(weighed.map(({ id, weight }) => [id, Math.floor((weight / total) * TURN)]));
  const sum = Object.values(changes).reduce((all, gain) => all + gain, 0);
  changes[soldId] = (changes[soldId] ?? 0) - sum;
  return { chosen: soldId, changes };
}

function weigh(sharers: readonly Sharer[]): readonly Sharer[] {
  const weighed = sharers.filter(({ weight }) => weight > 0);
  return weighed.length > 0 ? weighed : sharers.map(({ id }) => ({ id, weight: 1 }));
}

interface Standing {
  /** What it gets of each turn. */
  gain: number;
  credit: number;
}

function isBefore(one: Standing, other: Standing): boolean {
  const [isOneDue, isOtherDue] = [one.credit > 0, other.credit > 0];
  if (isOneDue !== isOtherDue) return isOneDue;
  if (!isOneDue) return one.credit > other.credit;
  // Turns until it would be a whole one behind, compared without dividing.
  return (TURN - one.credit) * other.gain < (TURN - other.credit) * one.gain;
}

/** Credits after a choice, or, with `-1`, after one that does not count. */
export function addChanges(credits: Credits, changes: Readonly<Record<string, number>>, times: 1 | -1 = 1): Credits {
  const added: Record<string, number> = { ...credits };
  for (const [id, change] of Object.entries(changes)) added[id] = (added[id] ?? 0) + times * change;
  return added;
}
