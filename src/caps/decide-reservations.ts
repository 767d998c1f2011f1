/** One cap a lead asks a place in; `key` names the cap and its window. */
export interface PlaceRequest {
  key: string;
  maximum: number;
  /** The counter's generation the flow revision of this lead knows (decision 10). */
  generation: number;
}

export interface ReservationRequest {
  leadId: string;
  caps: readonly PlaceRequest[];
}

export interface CapCounter {
  /** Places used for good. */
  count: number;
  /** Places of leads that have not ended. */
  held: number;
  /** Leads that this cap refused. */
  failedCount: number;
  /** Raised by a reset; a place of an older generation settles without effect. */
  generation: number;
}

export type ReservationVerdict =
  /** The generation each place was taken in, which is what its settlement must name. */
  | { granted: true; places: { key: string; generation: number }[] }
  /** The first cap, in the order asked, that had no place left. */
  | { granted: false; full: { key: string; count: number; held: number; maximum: number } };

export interface ReservationDecision {
  /** One per request, in the order of the requests. */
  verdicts: ReservationVerdict[];
  /** The counters that changed, by key, as they must be written. */
  counters: Map<string, CapCounter>;
}

/**
 * Hands out places in caps to a batch of leads in the order they arrived, so that `count + held` never passes a
 * maximum (decision 9). A lead gets a place in each of its caps or in none (spec behaviour 9): a refusal takes no
 * place and raises the failed count of every full cap it met. A counter without a row starts at nothing; a request of
 * a newer generation than its counter starts it again, an older one uses the row as it is.
 */
export function decideReservations(
  requests: readonly ReservationRequest[],
  counters: ReadonlyMap<string, Readonly<CapCounter>>,
): ReservationDecision {
  const changed = new Map<string, CapCounter>();
  const verdicts = requests.map((request) => {
    // A cap named twice by one lead is one place: the later entry stands for both.
    const asked = [...new Map(request.caps.map((cap) => [cap.key, cap])).values()];
    const places = asked.map((cap) => {
      const before = changed.get(cap.key) ?? counters.get(cap.key) ?? NO_COUNTER;
      return { cap, before, counter: startingPoint(before, cap.generation) };
    });
    const verdict = decide(places);
    for (const { cap, before, counter } of places) {
      if (!isSame(before, counter)) changed.set(cap.key, counter);
    }
    return verdict;
  });
  return { verdicts, counters: changed };
}

const NO_COUNTER: Readonly<CapCounter> = { count: 0, held: 0, failedCount: 0, generation: 0 };

function startingPoint(before: Readonly<CapCounter>, generation: number): CapCounter {
  return generation > before.generation ? { ...NO_COUNTER, generation } : { ...before };
}

interface Place {
  cap: PlaceRequest;
  counter: CapCounter;
}

/** Decides one lead and moves its counters accordingly. */
function decide(places: readonly Place[]): ReservationVerdict {
  const full = places.filter(({ cap, counter }) => counter.count + counter.held >= cap.maximum);
  const first = full[0];
  if (first !== undefined) {
    for (const { counter } of full) counter.failedCount += 1;
    const { key, maximum } = first.cap;
    return { granted: false, full: { key, count: first.counter.count, held: first.counter.held, maximum } };
  }
  for (const { counter } of places) counter.held += 1;
  return {
    granted: true,
    places: places.map(({ cap, counter }) => ({ key: cap.key, generation: counter.generation })),
  };
}

/** A cap with room that refused no lead was only read: its row is not written. */
function isSame(a: Readonly<CapCounter>, b: Readonly<CapCounter>): boolean {
  return a.count === b.count && a.held === b.held && a.failedCount === b.failedCount && a.generation === b.generation;
}
