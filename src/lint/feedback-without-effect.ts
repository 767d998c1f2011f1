import { listDeliverySteps } from '../model/delivery-steps.ts';
import type { ConversionSettings, FlowDocument, RecipientFeedback } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import type { LintContext } from './lint-context.ts';

/** Settings of feedback that nothing switches on, and relays that nothing can reach. */
export function feedbackWithoutEffect({ document }: LintContext): Problem[] {
  const settings = listDeliverySteps(document).flatMap(({ path, step }) =>
    step.feedback ? [{ path: `${path}.feedback`, feedback: step.feedback }] : [],
  );
  const isTaken = settings.some(({ feedback }) => isOn(feedback.returns) || isOn(feedback.conversions));
  return [...(isTaken ? [] : listRelays(document)), ...settings.flatMap(listSwitchedOff)];
}

function isOn(settings: ConversionSettings | null | undefined): boolean {
  return settings?.enabled === true;
}

function listRelays({ sources }: FlowDocument): Problem[] {
  const message =
    'No step takes feedback, so there is none to relay: set feedback.returns.enabled or feedback.conversions.enabled on a step.';
  return sources.flatMap(({ feedback }, index) =>
    feedback?.integration ? [{ path: `sources.${index}.feedback`, message }] : [],
  );
}

function listSwitchedOff({ path, feedback }: { path: string; feedback: RecipientFeedback }): Problem[] {
  return (['returns', 'conversions'] as const).flatMap((name): Problem[] => {
    const settings = feedback[name];
    // Set to false it is meant.
    if (!settings || settings.enabled !== undefined || Object.keys(settings).length === 0) return [];
    return [
      { path: `${path}.${name}`, message: `Nothing of this is taken: set enabled to true, or leave ${name} out.` },
    ];
  });
}
