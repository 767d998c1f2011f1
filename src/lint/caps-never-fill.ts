import type { Sliced } from '../lib/slices.ts';
import type { Cap, CapDurationUnit } from '../model/cap.ts';
import { listDeliverySteps } from '../model/delivery-steps.ts';
import type { Problem } from '../model/problem.ts';
import type { LintContext } from './lint-context.ts';

/**
 * How many windows of the outer cap (row) one window of the inner cap (column) can touch, counted with the longest
 * month and the day that daylight saving time makes longer.
 */
const WINDOWS_TOUCHED: Readonly<Record<CapDurationUnit, Readonly<Record<CapDurationUnit, number>>>> = {
  minute: { minute: 1, hour: 60, day: 1_500, week: 10_140, month: 44_700 },
  hour: { minute: 1, hour: 1, day: 25, week: 169, month: 745 },
  day: { minute: 1, hour: 1, day: 1, week: 7, month: 31 },
  week: { minute: 1, hour: 1, day: 1, week: 1, month: 6 },
  month: { minute: 1, hour: 1, day: 1, week: 2, month: 1 },
};

/**
 * Caps that allow more than a cap around them lets through: nested ones, and those of sources inside a cap of the flow
 * that counts every lead. Steps are left out, because a sold lead that fails later counts there and not for the flow.
 */
export function* capsNeverFill({ document }: LintContext): Sliced<Problem[]> {
  const ofFlow = capsAt('caps', document.caps, []);
  const countingAll = (document.caps ?? []).filter(({ rule_set }) => (rule_set?.rules ?? []).length === 0);
  const places = [
    ...ofFlow,
    ...document.sources.flatMap((source, index) => capsAt(`sources.${index}.caps`, source.caps, countingAll)),
    ...listDeliverySteps(document).flatMap(({ path, step }) => capsAt(`${path}.caps`, step.caps, [])),
  ];
  const problems: Problem[] = [];
  for (const place of places) {
    problems.push(...listProblems(place));
    yield;
  }
  return problems;
}

interface CapPlace {
  path: string;
  cap: Cap;
  /** The caps around it, outermost first. */
  around: readonly Cap[];
}

function capsAt(path: string, caps: readonly Cap[] | null | undefined, around: readonly Cap[]): CapPlace[] {
  return (caps ?? []).flatMap((cap, index) => [
    { path: `${path}.${index}`, cap, around },
    ...capsAt(`${path}.${index}.caps`, cap.caps, [...around, cap]),
  ]);
}

function listProblems({ path, cap, around }: CapPlace): Problem[] {
  const tightest = around.find((outer) => cap.maximum > mostInside(cap, outer));
  if (!tightest) return [];
  const most = mostInside(cap, tightest);
  const message = `This cap allows ${cap.maximum} a ${cap.duration_units} and can never fill, because the cap around it lets at most ${most} through in that time: lower its maximum below ${most}, or raise the one around it (${tightest.maximum} a ${tightest.duration_units}).`;
  return [{ path: `${path}.maximum`, message }];
}

/** Dollars are not leads. Windows of several units begin where the cap was made, and those of another zone at another midnight: not compared. */
function mostInside(cap: Cap, outer: Cap): number {
  const isComparable =
    cap.type === outer.type &&
    cap.duration === 1 &&
    outer.duration === 1 &&
    (cap.time_zone ?? null) === (outer.time_zone ?? null);
  const touched = WINDOWS_TOUCHED[outer.duration_units]?.[cap.duration_units];
  return isComparable && touched !== undefined ? outer.maximum * touched : Number.POSITIVE_INFINITY;
}
