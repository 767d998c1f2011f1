import type { LeadExplanation } from '../../../../client/src/client.ts';
import { buildCapPath } from '../../parts/build-cap-path.ts';
import { EDIT_PARTS, findPlace } from '../edit/edit-places.ts';

type Decision = LeadExplanation['answer']['decided_by'];

/** Where a person changes what stopped a lead; null: nothing did, or it is no part of the flow. */
export function placeOfDecision(decision: Decision, flowId: string): { to: string; label: string } | null {
  if (decision === null || decision.path === null) return null;
  if (decision.phase === 'caps' && decision.id !== null)
    return { to: buildCapPath(decision.id), label: 'Show the cap' };
  // Without its panel: the lead ran on an older revision, where another step or source may have had that number.
  const { part } = findPlace(decision.path);
  const label = EDIT_PARTS.find((each) => each.part === part)?.label ?? part;
  return { to: `/flows/${flowId}/edit/${part}`, label: `Show ${label.toLowerCase()} of the flow` };
}
