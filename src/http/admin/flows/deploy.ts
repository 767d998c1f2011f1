import { deployFlow as deploy } from '../../../flows/deploy-flow.ts';
import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { answer, type Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';
import { idParam } from '../../request-values.ts';
import { errorOfSave, UNKNOWN_FLOW } from './flow-refusals.ts';

/** Word for word as documented (seed 003). */
const DEPLOYED = { message: 'Your flow was deployed and the most recent changes are now live' };

/** `POST /flows/{id}/deploy`: leads run on what was saved last from now on. */
export const deployFlow: Handler = async (deps, { principal, params, expected }) => {
  const flowId = idParam(params, 'id');
  if (!flowId.ok) return flowId.error;
  const surroundings = await surroundingsOf(deps, principal.accountId);
  const deployed = await deploy(deps, { surroundings, flowId: flowId.value, expected });
  if (!deployed) return UNKNOWN_FLOW;
  if (deployed.ok) return answer(200, DEPLOYED);
  if (deployed.error.kind === 'stale') return errorOfSave(deployed.error);
  return apiError('not_deployable', 'The flow cannot run as it was saved; details says why.', deployed.error.problems);
};
