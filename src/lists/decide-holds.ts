/** One list check of a lead; `key` names the list and the hash of the value. */
export interface HoldRequest {
  leadId: string;
  key: string;
  /** Entries added before this instant (epoch ms) do not count; null: all count. */
  cutoff: number | null;
  /** Hold the value for this lead when no other lead holds it. */
  hold: boolean;
}

export interface ListRow {
  /** Epoch ms; null: never added, only held. */
  addedAt: number | null;
  /** The lead that holds the value, because it or a delivery of it has not ended; null: none. */
  holder: string | null;
  /** The holder has ended, and a delivery of it is tried again. */
  isRetried?: boolean;
}

export type HoldVerdict =
  | { kind: 'unique' }
  /** `added`: on the list since `since` (epoch ms). `held`: by another lead. */
  | { kind: 'duplicate'; because: 'added'; since: number }
  | { kind: 'duplicate'; because: 'held'; by: { leadId: string; isRetried: boolean } };

export interface HoldDecision {
  /** One per request, in the order of the requests. */
  verdicts: HoldVerdict[];
  /** The rows that changed, by key, as they must be written. */
  rows: Map<string, ListRow>;
}

/**
 * Decides a batch of list checks in the order the leads arrived (decision 5). A value on the list, or held by another
 * lead that has not ended, is a duplicate: of two simultaneous submissions of one person only the first is unique. A
 * lead is never a duplicate of itself, so asking again (a repeated batch, two checks on one list) gives the same
 * answer. An entry older than the look-back stays in its row and is held anew.
 */
export function decideHolds(
  requests: readonly HoldRequest[],
  rows: ReadonlyMap<string, Readonly<ListRow>>,
): HoldDecision {
  const changed = new Map<string, ListRow>();
  const verdicts = requests.map((request) => {
    const row = changed.get(request.key) ?? rows.get(request.key) ?? NO_ROW;
    const verdict = decide(request, row);
    if (verdict.kind === 'unique' && request.hold && row.holder === null) {
      changed.set(request.key, { addedAt: row.addedAt, holder: request.leadId });
    }
    return verdict;
  });
  return { verdicts, rows: changed };
}

const NO_ROW: Readonly<ListRow> = { addedAt: null, holder: null };

function decide(request: HoldRequest, row: Readonly<ListRow>): HoldVerdict {
  const isAdded = row.addedAt !== null && (request.cutoff === null || row.addedAt >= request.cutoff);
  if (isAdded && row.addedAt !== null) return { kind: 'duplicate', because: 'added', since: row.addedAt };
  if (row.holder !== null && row.holder !== request.leadId) {
    return { kind: 'duplicate', because: 'held', by: { leadId: row.holder, isRetried: row.isRetried === true } };
  }
  return { kind: 'unique' };
}
