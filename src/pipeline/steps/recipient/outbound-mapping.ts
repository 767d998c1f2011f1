import { copyMembers } from '../../../lib/copy-members.ts';
import type { AppliedMapping } from '../../../mappings/compile-mappings.ts';
import { dollars } from '../../../model/money.ts';
import type { Vars } from '../../../model/vars.ts';
import { copyContainers } from '../../../variables/assign.ts';
import { textOf } from '../../../variables/rich-value.ts';
import { NOTHING_TO_SCRUB } from '../../../variables/scrub-secrets.ts';
import { scrubberOf } from '../../lead-scrubber.ts';
import { scrubValues } from '../../scrub-values.ts';
import { buildPriceVars } from '../../vars-head.ts';
import type { LeadOf, StepRunOf } from './stage-access.ts';
import { NEXT, type StageVerdict } from './step-run.ts';

/**
 * What the module sees: all variables, those of the recipient, and on top what the mappings write. The variables of
 * the lead are not copied; only the names that a mapping writes below are (spec modules a4).
 */
export function outboundMapping(stepRun: StepRunOf<'outbound-mapping'>): StageVerdict {
  const { run, step, eventId } = stepRun;
  const seen = copyMembers(step.seesSecrets ? run.vars : withoutSecrets(run));
  seen['recipient'] = { id: step.entityId, name: step.entityName };
  Object.assign(seen, buildPriceVars(dollars(run.offered.amount)));
  if (stepRun.credential) seen['credential'] = stepRun.credential.vars;
  seen['event_id'] = eventId;
  // Stays the same however often it is tried.
  seen['delivery_id'] = run.attempt?.firstEventId ?? eventId;
  const moduleVars = copyMembers(seen);
  for (const root of step.mappedRoots) {
    if (Object.hasOwn(moduleVars, root)) moduleVars[root] = copyContainers(moduleVars[root]);
  }
  const applied = step.mappings.apply(seen, moduleVars, run.ctx);
  stepRun.appliedMappings = applied.map(({ index }) => index);
  if (run.secrets && run.secrets.length > 0 && step.seesSecrets) noteDerived(run, step.secretMappings, applied);
  if (stepRun.credential) noteOpened(run, step.credentialMappings, applied);
  stepRun.moduleVars = moduleVars;
  return NEXT;
}

/** What a template makes of a masked value, such as its digest, is as secret; a word such as `yes` is not. */
function noteDerived(
  run: LeadOf<'outbound-mapping'>,
  secret: ReadonlySet<number>,
  applied: readonly AppliedMapping[],
): void {
  for (const { index, value } of applied) {
    const text = secret.has(index) ? textOf(value) : '';
    if (text.length >= DERIVED_CHARACTERS_MIN && /\d/.test(text) && !run.secrets?.includes(text))
      run.secrets?.push(text);
  }
}

/** The same of a credential. A short word says more about the mapping than about the secret. */
function noteOpened(
  run: LeadOf<'outbound-mapping'>,
  ofCredential: ReadonlySet<number>,
  applied: readonly AppliedMapping[],
): void {
  for (const { index, value } of applied) {
    const text = ofCredential.has(index) ? textOf(value) : '';
    if (text.length >= OPENED_CHARACTERS_MIN && !run.opened.includes(text)) run.opened.push(text);
  }
}

const DERIVED_CHARACTERS_MIN = 4;
const OPENED_CHARACTERS_MIN = 6;

/**
 * Masked fields are left out of what destinations get, so their values are too where a sender wrote them into another
 * field or a recipient repeated them. That is also how the lead is stored, and so what a retry sends.
 */
function withoutSecrets(run: LeadOf<'outbound-mapping'>): Vars {
  const { vars, appended } = run;
  const scrub = scrubberOf(run);
  if (scrub === NOTHING_TO_SCRUB) return vars;
  const keys = Object.keys(appended).map((key) => [key, scrubValues(appended[key], { scrub, areNamesForeign: true })]);
  return {
    ...vars,
    ...Object.fromEntries(keys),
    lead: scrubValues(vars['lead'], { scrub, areNamesForeign: false }),
  };
}
