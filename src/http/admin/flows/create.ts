import { createFlow as saveNewFlow } from '../../../flows/save-flow.ts';
import { answer, type Handler } from '../../api.ts';
import { surroundingsOf } from '../surroundings.ts';
import { flowAnswerWithWarnings } from './flow-answer.ts';
import { errorOfSave } from './flow-refusals.ts';

/** `POST /flows`: saves a new flow; the caller may choose its id. */
export const createFlow: Handler = async (deps, { principal, body }) => {
  const surroundings = await surroundingsOf(deps, principal.accountId);
  const saved = await saveNewFlow(deps, { surroundings, body });
  return saved.ok ? answer(201, flowAnswerWithWarnings(saved.value, surroundings)) : errorOfSave(saved.error);
};
