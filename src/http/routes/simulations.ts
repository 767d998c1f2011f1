import { Type } from 'typebox';
import { SIMULATION } from '../../simulation/read-simulation.ts';
import { evaluateFlow } from '../handlers/simulations.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, TIME } from '../schemas.ts';
import { LEAD } from './leads.ts';

/** A flow and a lead. */
const EVALUATION_BYTES_MAX = 6 * 1024 * 1024;

const EVALUATION = Type.Object(
  {
    response: Type.Object(
      { status: Type.Integer(), headers: Type.Record(Type.String(), Type.Unknown()), body: nullable(Type.String()) },
      { ...CLOSED, description: 'What the sender would get, without secrets.' },
    ),
    lead: nullable(LEAD, { description: 'As `GET /leads/{id}` would show it; null: the lead would leave nothing.' }),
    retries: Type.Array(
      Type.Object(
        {
          step_id: Type.String(),
          first_attempt_at: TIME,
          alternatives: Type.Array(Type.String(), {
            description: 'Steps that got the lead instead: the retry ends as a skip once one of them has accepted.',
          }),
        },
        CLOSED,
      ),
      { description: 'Deliveries that would be tried again.' },
    ),
    waiting: nullable(
      Type.Object(
        { state: Type.String(), lists: Type.Array(Type.String()), caps: Type.Array(Type.String()) },
        { ...CLOSED, description: 'What the lead would keep until its retries have ended.' },
      ),
    ),
  },
  { ...CLOSED, $id: 'Evaluation' },
);

export const SIMULATION_ROUTES = [
  route({
    name: 'evaluateFlow',
    method: 'POST',
    path: '/flows/:id/evaluate',
    permission: 'flows.read',
    params: { id: idInPath('The id of the flow; with a document in the body it may be one that is not saved.') },
    body: SIMULATION,
    bodyBytesMax: EVALUATION_BYTES_MAX,
    answers: {
      200: EVALUATION,
      404: 'not_found',
      422: ['invalid_document', 'not_deployable'],
    },
    doc: {
      summary:
        'What would become of a submission: the answer, the events and the explanation. Writes and sends nothing.',
      example: { body: { source: 'a1b2c3', values: { email: 'jdoe@example.com', state: 'TX' } } },
    },
    handler: evaluateFlow,
  }),
] as const;
