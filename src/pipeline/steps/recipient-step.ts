import type { CompiledRecipient } from '../../flow-compiler/compiled-flow.ts';
import type { OfferFacts } from '../../stored/event-facts.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { PROCEED, type Verdict } from '../verdict.ts';
import { ENDS_GO_ON_WITH, STAGES } from './recipient/stages.ts';
import { type AgreedSale, startStepRun } from './recipient/step-run.ts';

const AFTER_END = STAGES.findIndex((stage) => stage.name === ENDS_GO_ON_WITH);

/** Walks the table of stages. A fault in a module is the step's error, never the lead's. */
export async function runRecipientStep(
  run: RunOf<'steps'>,
  at: { step: CompiledRecipient; deps: PhaseDeps; offer?: OfferFacts; sale?: AgreedSale },
): Promise<Verdict> {
  const stepRun = startStepRun(run, at);
  for (let index = 0; index < STAGES.length; ) {
    const running = STAGES[index]?.run(stepRun) ?? { kind: 'next' };
    const verdict = running instanceof Promise ? await running : running;
    if (verdict.kind === 'unavailable' || verdict.kind === 'again') return verdict;
    if (verdict.kind === 'next') {
      index += 1;
      continue;
    }
    stepRun.outcome = verdict.outcome;
    stepRun.reason = verdict.reason;
    index = AFTER_END;
  }
  return PROCEED;
}
