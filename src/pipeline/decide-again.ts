import type { LeadRun } from './lead-run.ts';

/**
 * What a decision writes of the run, from the phase on that decisions start with (`AGAIN_GOES_ON_WITH`). All of it goes
 * back when the lead decides again. What is known, event ids and everything about places that were taken stay.
 */
export const DECIDED = [
  'vars',
  'secrets',
  'opened',
  'askedLists',
  'listFindings',
  'limitRefusal',
  'offered',
  'askedCaps',
  'capRefusal',
  'refusals',
  'warnings',
  'findings',
  'stepResults',
  'distributions',
  'appended',
  'waitMs',
  'stepCount',
  'outcome',
  'reason',
  'stoppedIn',
  'price',
  'revenue',
  'answer',
  'storedBeginning',
] as const satisfies readonly (keyof LeadRun)[];

/** Written by a decision and kept: the lead has it once, however often it decides. */
export const KEPT = [
  'known',
  'namedPing',
  'askedPrices',
  'held',
  'hasRun',
  'hasSent',
  'intended',
  'eventIds',
  'turns',
] as const satisfies readonly (keyof LeadRun)[];

export type BeforeDeciding = Pick<LeadRun, (typeof DECIDED)[number]>;

/** The run before its first decision, to go back to. Phases change these values in place, so containers are copied. */
export function rememberBeforeDeciding(run: LeadRun): BeforeDeciding {
  return copyDecided(run);
}

export function goBack(run: LeadRun, before: BeforeDeciding): void {
  Object.assign(run, copyDecided(before));
}

function copyDecided(run: BeforeDeciding): BeforeDeciding {
  return {
    vars: { ...run.vars },
    secrets: run.secrets && [...run.secrets],
    opened: [...run.opened],
    askedLists: run.askedLists,
    listFindings: [...run.listFindings],
    limitRefusal: run.limitRefusal,
    offered: run.offered,
    askedCaps: run.askedCaps,
    capRefusal: run.capRefusal,
    refusals: run.refusals,
    warnings: [...run.warnings],
    findings: [...run.findings],
    stepResults: [...run.stepResults],
    distributions: [...run.distributions],
    appended: { ...run.appended },
    waitMs: run.waitMs,
    stepCount: run.stepCount,
    outcome: run.outcome,
    reason: run.reason,
    stoppedIn: run.stoppedIn,
    price: run.price,
    revenue: run.revenue,
    answer: run.answer,
    storedBeginning: run.storedBeginning,
  };
}
