import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of processes from /proc. */

/** /proc counts in USER_HZ, which is 100 on every Linux that Node runs on. */
const TICK_US = 10_000;

interface ProcessStat {
  pid: number;
  parentPid: number;
  /** User and system time of the process itself, µs. */
  ownUs: number;
  /** The same of its children that have ended and were waited for, µs. */
  reapedUs: number;
}

/**
 * User and system time, µs, of a process and all its descendants: the living ones and those that ended since. A
 * descendant named in `except` is left out with all of its own (the database below the server that started it).
 */
export function treeCpuUs(rootPid: number, except: number | null = null): number {
  const childrenOf = new Map<number, ProcessStat[]>();
  let root: ProcessStat | null = null;
  for (const stat of allProcesses()) {
    const siblings = childrenOf.get(stat.parentPid);
    if (siblings === undefined) childrenOf.set(stat.parentPid, [stat]);
    else siblings.push(stat);
    if (stat.pid === rootPid) root = stat;
  }
  if (root === null) throw new Error(`process ${rootPid} is gone: its CPU time cannot be read`);
  let totalUs = 0;
  const open = [root];
  for (let stat = open.pop(); stat !== undefined; stat = open.pop()) {
    totalUs += stat.ownUs + stat.reapedUs;
    for (const child of childrenOf.get(stat.pid) ?? []) if (child.pid !== except) open.push(child);
  }
  return totalUs;
}

/** A process and all its living descendants, parents first; without `except` and what is below it. */
export function treePids(rootPid: number, except: number | null = null): number[] {
  const all = allProcesses();
  const pids = [rootPid];
  for (let i = 0; i < pids.length; i += 1) {
    for (const stat of all) if (stat.parentPid === pids[i] && stat.pid !== except) pids.push(stat.pid);
  }
  return pids;
}

function allProcesses(): ProcessStat[] {
  const stats: ProcessStat[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(Number(name));
    if (stat !== null) stats.push(stat);
  }
  return stats;
}

/** null: the process ended between the listing and the reading. */
function readStat(pid: number): ProcessStat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // proc(5): the second field is the name in parentheses and may hold anything, so fields are counted behind it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = (index: number): number => Number(fields[index] ?? 0) * TICK_US;
  return {
    pid,
    parentPid: Number(fields[1] ?? 0),
    ownUs: ticks(11) + ticks(12),
    reapedUs: ticks(13) + ticks(14),
  };
}
