import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { replaceFlow as saveFlow } from '../../../flows/save-flow.ts';
import type { Handler } from '../../api.ts';
import { idParam } from '../../request-values.ts';
import { answerWithTag } from './flow-answer.ts';
import { errorOfSave } from './flow-refusals.ts';

/** `PUT /flows/{id}`: saves the next revision; leads are not touched before a deploy. */
export const replaceFlow: Handler = async (deps, { principal, params, body, expected }) => {
  const flowId = idParam(params, 'id');
  if (!flowId.ok) return flowId.error;
  const surroundings = await surroundingsOf(deps, principal.accountId);
  const saved = await saveFlow(deps, { surroundings, flowId: flowId.value, body, expected });
  return saved.ok ? answerWithTag(deps, { status: 200, flow: saved.value, surroundings }) : errorOfSave(saved.error);
};
