import { Type } from 'typebox';
import { closeCircuit, listRecipientHealth } from '../handlers/recipients.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, TIME } from '../schemas.ts';

const HEALTH = Type.Object(
  {
    recipient_id: Type.String(),
    origin: Type.String({ description: 'Scheme, host and port.' }),
    state: Type.Enum(['closed', 'open', 'half_open'], { description: 'Of the circuit; open: nothing is sent.' }),
    running: Type.Integer({ description: 'Requests under way.' }),
    waiting: Type.Integer({ description: 'Requests that wait for one of them to end.' }),
    waited: Type.Integer({ description: 'Requests that had to wait since the process first sent there.' }),
    requests: Type.Integer({ description: 'Of the last minute; of an open circuit those that opened it.' }),
    errors: Type.Integer(),
    opened_at: nullable(TIME),
    next_probe_at: nullable(TIME),
    process: Type.Object({ node_id: Type.String(), host: Type.String(), pid: Type.Integer() }, CLOSED),
    reported_at: TIME,
  },
  { ...CLOSED, $id: 'RecipientHealth' },
);

const EXAMPLE = {
  recipient_id: '5fd0c0de0000000000000021',
  origin: 'https://crm.example.com',
  state: 'open',
  running: 0,
  waiting: 0,
  waited: 12,
  requests: 20,
  errors: 20,
  opened_at: '2025-03-03T12:00:00.000Z',
  next_probe_at: '2025-03-03T12:00:10.000Z',
  process: { node_id: '67c59a40aaaaaaaaaaaaaaaa', host: 'leads-1', pid: 4711 },
  reported_at: '2025-03-03T12:00:01.000Z',
};

/** How recipients are, as the processes that send to them see it. */
export const RECIPIENT_ROUTES = [
  route({
    name: 'listRecipientHealth',
    method: 'GET',
    path: '/recipients/health',
    permission: 'leads.read',
    answers: { 200: Type.Array(HEALTH) },
    doc: {
      summary:
        'How each server process sees the recipients it sent to in the last minute: requests under way and waiting, errors, the circuit ([deliveries](../guides/deliveries.md#when-a-recipient-is-slow-or-away)).',
      example: { answer: [EXAMPLE] },
    },
    handler: listRecipientHealth,
  }),
  route({
    name: 'closeCircuit',
    method: 'POST',
    path: '/recipients/:id/close_circuit',
    permission: 'leads.resubmit',
    params: { id: idInPath('The id of the recipient’s entity.') },
    takesNoBody: true,
    answers: { 202: Type.Array(HEALTH), 409: 'conflict' },
    doc: {
      summary: 'Closes the circuits to a recipient in every process within two seconds; 409 when none is open.',
      example: { answer: [EXAMPLE] },
    },
    handler: closeCircuit,
  }),
] as const;
