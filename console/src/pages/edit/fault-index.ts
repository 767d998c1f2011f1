import type { Fault } from '../../editor/part-props.ts';

/** Faults by the place that they belong to: at it or below. */
export interface FaultIndex {
  all: readonly Fault[];
  /** The same list as before, as long as its faults are the same: what is shown beside it need not be drawn again. */
  at(path: string): readonly Fault[];
  /** What was asked, for the index after this one. */
  known: ReadonlyMap<string, readonly Fault[]>;
}

const NO_FAULTS: readonly Fault[] = [];

export function indexFaults(faults: readonly Fault[], before?: FaultIndex): FaultIndex {
  const known = new Map<string, readonly Fault[]>();
  // Not the index itself, which would keep all those before it.
  const earlier = before?.known;
  return {
    ...{ all: faults, known },
    at(path) {
      const kept = known.get(path);
      if (kept !== undefined) return kept;
      const found = selectFaults(faults, path);
      const same = earlier?.get(path);
      const list = same !== undefined && isSame(same, found) ? same : found;
      known.set(path, list);
      return list;
    },
  };
}

/** Those of a place and of what is below it. */
export function selectFaults(faults: readonly Fault[], path: string): readonly Fault[] {
  const found = faults.filter((fault) => fault.path === path || fault.path.startsWith(`${path}.`));
  return found.length === 0 ? NO_FAULTS : found;
}

function isSame(one: readonly Fault[], other: readonly Fault[]): boolean {
  return (
    one.length === other.length &&
    one.every(
      ({ path, message, level }, index) =>
        other[index]?.path === path && other[index].message === message && other[index].level === level,
    )
  );
}
