/** One value of a list, as its row has it. */
export interface ListRow {
  /** Epoch ms; null: never added, only held. */
  addedAt: number | null;
  /** The lead that holds the value, because it or a delivery of it has not ended; null: none. */
  holder: string | null;
  /** The holder has ended, and a delivery of it is tried again. */
  isRetried?: boolean;
}

export type ListVerdict =
  | { found: false }
  /** On the list since `addedAt` (epoch ms; null: not known, in a simulation). */
  | { found: true; because: 'added'; addedAt: number | null }
  /** Held by a lead that has not ended, or whose delivery is tried again. */
  | { found: true; because: 'held'; addedAt: null; by: ListHolder };

/** The lead that holds a value. */
export interface ListHolder {
  leadId: string;
  /** It has ended, and a delivery of it is tried again (decision 48). */
  isRetried: boolean;
}

/**
 * Is the value on its list for this lead (decision 5)? One that was added, unless before `cutoff` (epoch ms; null: all
 * entries count), or that another lead holds. A lead is never a duplicate of itself. `row` undefined: there is none.
 */
export function judgeListValue(
  row: Readonly<ListRow> | undefined,
  { leadId, cutoff }: { leadId: string; cutoff: number | null },
): ListVerdict {
  if (!row) return { found: false };
  const { addedAt, holder } = row;
  if (addedAt !== null && (cutoff === null || addedAt >= cutoff)) return { found: true, because: 'added', addedAt };
  if (holder !== null && holder !== leadId) {
    return { found: true, because: 'held', addedAt: null, by: { leadId: holder, isRetried: row.isRetried === true } };
  }
  return { found: false };
}
