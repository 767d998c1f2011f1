import { leadExplanation } from '../../../explain/lead-explanation.ts';
import { answer, type Handler } from '../../api.ts';
import { findLeadPast } from './find-lead-past.ts';

/** `GET /leads/{id}/explain`: why a lead ended as it did, as JSON or as sentences (`Accept: text/plain`). */
export const explainLead: Handler = async (deps, request) => {
  const found = await findLeadPast(deps, request);
  if (!found.ok) return found.error;
  const explanation = leadExplanation(found.value.past, found.value.events);
  return { ...answer(200, explanation), text: `${explanation.sentences.join('\n')}\n` };
};
