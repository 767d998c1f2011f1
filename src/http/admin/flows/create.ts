import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { createFlow as saveNewFlow } from '../../../flows/save-flow.ts';
import type { Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';
import { answerWithTag } from './flow-answer.ts';
import { errorOfSave } from './flow-refusals.ts';

/** `POST /flows`: saves a new flow; the caller may choose its id. */
export const createFlow: Handler = async (deps, { principal, body }) => {
  if (Array.isArray(body)) return A_LIST;
  const surroundings = await surroundingsOf(deps, principal.accountId);
  const saved = await saveNewFlow(deps, { surroundings, body });
  return saved.ok ? answerWithTag(deps, { status: 201, flow: saved.value, surroundings }) : errorOfSave(saved.error);
};

const A_LIST = apiError('invalid_document', 'This takes one flow: PUT /flows saves a list of flows with their ids.', [
  { path: '', message: 'Must be a flow: an object.' },
]);
