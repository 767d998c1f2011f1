import type { RunKey } from '../../pipeline/run-store.ts';
import type { CapHold, Holds, ListHold } from '../../stored/holds.ts';
import { parseHolds, writeHolds } from '../../stored/holds.ts';
import { int4Array, jsonArray, textArray, timestampArray } from './binary-array.ts';
import { insertRuns, lockOwnRuns } from './reserve-statements.ts';
import type { PreparedCall } from './session.ts';

/** A run row of this process, locked. */
export interface OwnRun {
  held: Holds;
  /** The same as the row has it, to compare with; null: nothing was ever held. */
  stored: string | null;
  /** Was an intent committed? */
  hasSent: boolean;
}

/** As the run row of a process that knows of these holds must have them, byte for byte; null: nothing. */
export function storedHolds(held: Holds): string | null {
  return held.caps.length + held.lists.length === 0 ? null : writeHolds(held);
}

export function lockOwnRunsCall(runs: readonly RunKey[], nodeId: string): PreparedCall {
  const accounts = textArray(runs.map((run) => run.accountId));
  return { statement: lockOwnRuns, values: [nodeId, accounts, textArray(runs.map((run) => run.runId))] };
}

/** Makes run rows; `held` is what each holds, as it is stored, null: nothing. */
export function insertRunsCall(rows: readonly { run: RunKey; held: string | null }[], nodeId: string): PreparedCall {
  const runs = rows.map(({ run }) => run);
  return {
    statement: insertRuns,
    values: [
      nodeId,
      textArray(runs.map((run) => run.accountId)),
      textArray(runs.map((run) => run.runId)),
      textArray(runs.map((run) => run.flowId)),
      textArray(runs.map((run) => run.sourceId)),
      int4Array(runs.map((run) => run.revision)),
      timestampArray(runs.map((run) => run.submittedAt)),
      textArray(runs.map((run) => run.retryId ?? null)),
      jsonArray(rows.map(({ held }) => held)),
    ],
  };
}

/** By the lead's id. */
export function readOwnRuns(rows: readonly unknown[]): Map<string, OwnRun> {
  // Shaped by lockOwnRuns.
  const own = rows as { lead_id: string; holds: string | null; has_sent: boolean }[];
  return new Map(
    own.map((row): [string, OwnRun] => [
      row.lead_id,
      {
        held: parseHolds(row.holds === null ? null : JSON.parse(row.holds)),
        stored: row.holds,
        hasSent: row.has_sent,
      },
    ]),
  );
}

/** What is in `believed` and not in `stored`. */
export function lostOf(believed: Holds, stored: Holds): Holds {
  const caps = new Set(stored.caps.map(capName));
  const lists = new Set(stored.lists.map(listName));
  return {
    caps: believed.caps.filter((hold) => !caps.has(capName(hold))),
    lists: believed.lists.filter((hold) => !lists.has(listName(hold))),
  };
}

export function isNothing(held: Holds): boolean {
  return held.caps.length + held.lists.length === 0;
}

function capName({ capId, startsAt, generation }: CapHold): string {
  return `${capId} ${startsAt} ${generation}`;
}

function listName({ listId, value }: ListHold): string {
  return `${listId} ${value.toString('hex')}`;
}
