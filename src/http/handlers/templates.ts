import type { Static } from 'typebox';
import type { Principal } from '../../access/principal.ts';
import { loadSurroundings, type SurroundingsDeps } from '../../flows/flow-surroundings.ts';
import type { Clock } from '../../lib/clock.ts';
import { renderTemplate as render, type TEMPLATE_TRIAL } from '../../simulation/render-template.ts';
import { type ApiResult, answer } from '../api.ts';
import { invalidDocument } from '../read-body.ts';

export interface TemplateDeps extends SurroundingsDeps {
  clock: Pick<Clock, 'now'>;
}

/** `POST /templates/render`: one template with given variables. */
export async function renderTemplate(
  deps: TemplateDeps,
  { principal, body }: { principal: Principal; body: Static<typeof TEMPLATE_TRIAL> },
): Promise<ApiResult> {
  const surroundings = await loadSurroundings(deps, principal.accountId);
  const rendered = render(body, { surroundings, now: deps.clock.now() });
  if (rendered.ok) return answer(200, rendered.value);
  return invalidDocument(rendered.error, 'The template cannot be rendered; details says why.');
}
