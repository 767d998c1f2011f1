import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { renderTemplate as render } from '../../../simulation/render-template.ts';
import { answer, type Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';

/** `POST /templates/render`: one template with given variables. */
export const renderTemplate: Handler = async (deps, { principal, body }) => {
  const surroundings = await surroundingsOf(deps, principal.accountId);
  const rendered = render(body, { surroundings, now: deps.clock.now() });
  if (rendered.ok) return answer(200, rendered.value);
  return apiError('invalid_document', 'The template cannot be rendered; details says why.', rendered.error);
};
