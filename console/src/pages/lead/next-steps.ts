import type { Problem } from '../../api/problems.ts';
import type { RecipientRow } from './describe-recipient.ts';
import type { LeadToShow } from './lead-query.ts';
import { placeOfDecision } from './place-of-decision.ts';

export interface NextStep {
  /** Inside the console. */
  to: string;
  label: string;
}

const TROUBLED = ['error', 'retry_pending'];

/** What a person who reads of the lead does next, the first thing first; `problems` are those of its flow, as far as they are read. */
export function listNextSteps(
  { lead, explanation }: LeadToShow,
  {
    rows,
    problems,
    mayReadFlow,
  }: { rows: readonly RecipientRow[]; problems: readonly Problem[]; mayReadFlow: boolean },
): NextStep[] {
  const place = mayReadFlow ? placeOfDecision(explanation.answer.decided_by, lead.flow.id) : null;
  const steps = place === null ? [] : [place];
  const troubled = rows.find(({ state }) => TROUBLED.includes(state));
  if (rows.some(({ state }) => state === 'unknown')) steps.push({ to: '/unknowns', label: 'Show unknown results' });
  if (lead.outcome === 'error' || troubled !== undefined) {
    const found = findProblem(problems, { lead, troubled });
    steps.push({
      to: found === undefined ? `/problems?state=all&flow_id=${lead.flow.id}` : `/problems/${found.id}`,
      label: 'Open the problem',
    });
  }
  return steps;
}

/** Of the delivery that fails, else of the source whose leads end in errors; of several the one with the same reason. */
function findProblem(
  problems: readonly Problem[],
  { lead, troubled }: { lead: LeadToShow['lead']; troubled: RecipientRow | undefined },
): Problem | undefined {
  const [kind, id, reason] =
    troubled === undefined
      ? (['source', lead.source.id, lead.reason] as const)
      : (['delivery', troubled.recipientId, troubled.why] as const);
  const found = problems.filter((each) => each.kind === kind && (each.recipient ?? each.source)?.id === id);
  return (
    found.find((each) => isOfClass(reason ?? '', each.reason_class)) ?? (found.length === 1 ? found[0] : undefined)
  );
}

/** `Server error (attempt 3)` is of `Server error`; an ellipsis stands for what differs. */
function isOfClass(reason: string, reasonClass: string): boolean {
  let from = 0;
  for (const part of reasonClass.split('…')) {
    const at = reason.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return reasonClass !== '' || reason === '';
}
