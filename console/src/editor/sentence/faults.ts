import type { Fault } from '../part-props.ts';

/** Faults of exactly this place. */
export function faultsAt(faults: readonly Fault[], path: string): Fault[] {
  return faults.filter((fault) => fault.path === path);
}

/** Faults of this place and of everything in it. */
export function faultsIn(faults: readonly Fault[], path: string): Fault[] {
  return faults.filter((fault) => fault.path === path || fault.path.startsWith(`${path}.`));
}

/** Faults in this place that none of the named places below it shows. */
export function faultsElsewhere(faults: readonly Fault[], path: string, shown: readonly string[]): Fault[] {
  const isShown = (fault: Fault) =>
    shown.some((name) => fault.path === `${path}.${name}` || fault.path.startsWith(`${path}.${name}.`));
  return faultsIn(faults, path).filter((fault) => !isShown(fault));
}
