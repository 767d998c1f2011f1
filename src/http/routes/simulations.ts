import { Type } from 'typebox';
import { SIMULATION } from '../../simulation/read-simulation.ts';
import { evaluateFlow } from '../handlers/simulations.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';

/** A flow and a lead. */
const EVALUATION_BYTES_MAX = 6 * 1024 * 1024;

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
      200: Type.Object({}, { description: 'The answer, the events and the explanation, as of a lead.' }),
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
