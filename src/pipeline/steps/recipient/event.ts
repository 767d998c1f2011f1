import type { CredentialName } from '../../../model/credential.ts';
import { planRetry } from '../../follow-ups.ts';
import { leadScrubberOf } from '../../lead-scrubber.ts';
import type { StepRunOf } from './stage-access.ts';
import { NEXT, type StageVerdict } from './step-run.ts';

/** Notes the step among the lead's results; the settlement turns it into its event. */
export function event(stepRun: StepRunOf<'event'>): StageVerdict {
  const { run, step, deps } = stepRun;
  run.stepResults.push({
    kind: 'recipient',
    eventId: stepRun.eventId,
    stepId: step.id,
    outcome: stepRun.outcome,
    reason: stepRun.reason,
    startedAt: stepRun.startedAt,
    endedAt: deps.clock.now(),
    recipientId: step.entityId,
    key: step.key,
    moduleId: step.document.integration.module_id,
    packageVersion: step.module?.version ?? null,
    appended: stepRun.appended,
    appliedMappings: stepRun.appliedMappings,
    transactions: stepRun.transactions,
    credential: nameOf(stepRun.credential),
    isCredentialUpdated: stepRun.isCredentialUpdated,
    waitMs: stepRun.waitMs,
    capRefusal: stepRun.capRefusal,
    isUnknown: stepRun.isUnknown,
    innerLead: stepRun.innerLeadFacts,
    lostLead: stepRun.isUnknown ? stepRun.innerLead : null,
    expectedPrice: stepRun.expectedPrice,
    salePrice: stepRun.salePrice,
    warnings: stepRun.warnings,
    offer: stepRun.offer,
    retry: planRetry(step, {
      isError: stepRun.outcome === 'error',
      isUnknown: stepRun.isUnknown,
      isInner: stepRun.innerLead !== null,
      requests: stepRun.transactions.map(({ request }) => request),
      scrub: leadScrubberOf(run),
    }),
  });
  return NEXT;
}

function nameOf(opened: CredentialName | null): CredentialName | null {
  return opened && { id: opened.id, name: opened.name, type: opened.type };
}
