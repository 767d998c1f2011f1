import { counterIdOf } from '../../caps/cap-units.ts';
import type { RunKey } from '../../pipeline/run-store.ts';
import type { CapHold, Holds, ListHold } from '../../stored/holds.ts';
import { parseHolds } from '../../stored/holds.ts';
import { textArray } from './binary-array.ts';
import { lockOwnRuns, readIntents } from './claim-statements.ts';
import type { PreparedCall } from './session.ts';

/** A run row of this process, locked, with its intents. */
export interface OwnRun {
  /** All that the run holds. */
  held: Holds;
  /** What each intent took, by its position. */
  intents: Map<number, Holds>;
}

export function lockOwnRunsCalls(runs: readonly RunKey[], nodeId: string): PreparedCall[] {
  const keys = [textArray(runs.map((run) => run.accountId)), textArray(runs.map((run) => run.runId))];
  return [
    { statement: lockOwnRuns, values: [nodeId, ...keys] },
    { statement: readIntents, values: keys },
  ];
}

/** By the lead's id, from the answers of both calls. */
export function readOwnRuns(runs: readonly unknown[], intents: readonly unknown[]): Map<string, OwnRun> {
  // Shaped by the two statements. Only rows of before the claims hold something in `runs`.
  const own = new Map(
    (runs as { lead_id: string; holds: unknown }[]).map((row): [string, OwnRun] => [
      row.lead_id,
      { held: parseHolds(row.holds), intents: new Map() },
    ]),
  );
  for (const row of intents as { lead_id: string; seq: number; holds: unknown }[]) {
    const run = own.get(row.lead_id);
    if (!run) continue;
    const took = parseHolds(row.holds);
    run.intents.set(row.seq, took);
    run.held = addHolds(run.held, took);
  }
  return own;
}

export function addHolds(held: Holds, more: Holds): Holds {
  return { caps: [...held.caps, ...more.caps], lists: [...held.lists, ...more.lists] };
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

function capName(hold: CapHold): string {
  return `${counterIdOf(hold)} ${hold.startsAt} ${hold.generation}`;
}

function listName({ listId, value }: ListHold): string {
  return `${listId} ${value.toString('hex')}`;
}
