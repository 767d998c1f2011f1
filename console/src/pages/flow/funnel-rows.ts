import type { FlowFunnel } from '../../../../client/src/client.ts';
import { formatCount } from '../../parts/format-number.ts';

type Phase = NonNullable<FlowFunnel['phases']>[number];
type Step = FlowFunnel['steps'][number];

/** The first phase, those that leads left in, and the last: the others say nothing. Words in place of the API's names. */
export function listPhases(phases: readonly Phase[]): Phase[] {
  return phases
    .filter(({ left }, place) => left > 0 || place === 0 || place === phases.length - 1)
    .map((phase) => ({ ...phase, phase: nameOf(phase.phase) }));
}

function nameOf(phase: string): string {
  const words = phase.replaceAll(/[_-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const WORDS: Readonly<Record<string, string>> = {
  success: 'success',
  failure: 'failure',
  error: 'error',
  skip: 'skipped',
  continue: 'passed',
  stop: 'stopped',
};

export interface StepRow {
  id: string;
  name: string;
  type: Step['type'];
  reached: number;
  /** `312 success, 4 error`. */
  outcomes: string;
}

/** In the order of the flow; a step that is not there any more is known by its id. */
export function listSteps(steps: readonly Step[], names: ReadonlyMap<string, string>): StepRow[] {
  return steps.map(({ step_id: id, type, reached, outcomes }) => ({
    ...{ id, type, reached },
    name: names.get(id) ?? `A former step (${id})`,
    outcomes:
      Object.entries(outcomes)
        .filter(([, count]) => count > 0)
        .map(([outcome, count]) => `${formatCount(count)} ${WORDS[outcome] ?? outcome}`)
        .join(', ') || '–',
  }));
}
