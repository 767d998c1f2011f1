import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { replaceAllFlows as saveFlows } from '../../../flows/replace-all-flows.ts';
import { answer, type Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';
import { flowAnswerWithWarnings } from './flow-answer.ts';

/** `PUT /flows`: saves many flows or none (decision 42). */
export const replaceAllFlows: Handler = async (deps, { principal, body }) => {
  const surroundings = await surroundingsOf(deps, principal.accountId);
  const saved = await saveFlows(deps, { surroundings, body });
  if (saved.ok)
    return answer(
      200,
      await Promise.all(saved.value.map((flow) => flowAnswerWithWarnings(deps, { flow, surroundings }))),
    );
  const { kind, problems } = saved.error;
  if (kind === 'stale') return apiError('conflict', 'No flow was saved: one has changed meanwhile.', problems);
  return apiError('invalid_document', 'No flow was saved; details says which are malformed and where.', problems);
};
