import { Type } from 'typebox';
import { REPLAY_LEADS_DEFAULT, REPLAY_LEADS_MAX, REPLAY_SAMPLES_MAX } from '../../drafts/replay-leads.ts';
import { replayFlow } from '../handlers/replays.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, ID, nullable, TIME } from '../schemas.ts';
import { FLOW_BYTES_MAX } from './flows.ts';
import { WANTED_DOCUMENT } from './test-leads.ts';

const REF_CHARACTERS_MAX = 64;
/** Beside the document. */
const REPLAY_BYTES_MAX = FLOW_BYTES_MAX + 4_096;

const GIVEN = Type.Object(
  {
    ...WANTED_DOCUMENT,
    last: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: REPLAY_LEADS_MAX,
        description: `How many of the last leads; ${REPLAY_LEADS_DEFAULT} unless given.`,
      }),
    ),
    source_id: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: REF_CHARACTERS_MAX,
        description: 'Only leads of this source: of its entity, or the source’s own.',
      }),
    ),
  },
  { ...CLOSED, $id: 'GivenReplay' },
);

const COUNT = Type.Integer();
const DOLLARS = Type.Number({ description: 'Dollars.' });
const SIDE = {
  ...{ success: COUNT, failure: COUNT, error: COUNT },
  not_taken: Type.Integer({ description: 'The source would not accept them, or the flow has no such source.' }),
  ...{ revenue: DOLLARS, cost: DOLLARS },
  profit: Type.Number({ description: 'Dollars; less than 0 for a loss.' }),
};
const END = Type.Object(
  { outcome: Type.Enum(['success', 'failure', 'error', 'not_taken']), reason: nullable(Type.String()) },
  CLOSED,
);

const REPLAY = Type.Object(
  {
    leads: Type.Integer({ description: 'That were replayed.' }),
    not_replayed: Type.Integer({ description: 'Whose request is not kept any more, or that redeemed a ping.' }),
    flipped: Type.Integer({ description: 'That would have another outcome.' }),
    assumed: Type.Integer({
      description: 'That came to a recipient which had not answered them then. It was taken to accept.',
    }),
    stopped_early: Type.Boolean({ description: 'The time was up before all of them were replayed.' }),
    before: Type.Object(SIDE, { ...CLOSED, description: 'On what runs now.' }),
    after: Type.Object(SIDE, { ...CLOSED, description: 'On the draft.' }),
    samples: Type.Array(
      Type.Object(
        {
          lead_id: ID,
          submitted_at: TIME,
          source: Type.Object({ id: Type.String(), name: nullable(Type.String()) }, CLOSED),
          before: END,
          after: END,
        },
        CLOSED,
      ),
      { description: `Of those that would have another outcome, the newest ${REPLAY_SAMPLES_MAX}.` },
    ),
  },
  { ...CLOSED, $id: 'Replay' },
);

/** Past leads on another document (decision page 0108). */
export const REPLAY_ROUTES = [
  route({
    name: 'replayFlow',
    method: 'POST',
    path: '/flows/:id/replay',
    permission: 'leads.read',
    params: { id: idInPath('The id of the flow.') },
    body: GIVEN,
    hasOptionalBody: true,
    bodyBytesMax: REPLAY_BYTES_MAX,
    answers: {
      200: REPLAY,
      403: 'permission_required',
      404: 'not_found',
      409: 'conflict',
      422: ['invalid_document', 'not_deployable'],
      429: 'too_many_attempts',
    },
    doc: {
      summary: 'What would become of the last leads on the draft, beside what becomes of them on what runs now.',
      description:
        'Takes `flows.read` as well. Both are simulated with the instant, the chance, the answers of recipients and pricing services, and the findings of lists that were recorded; a cap that refused the lead is as full as it was, others have room. Writes and sends nothing. One replay of an account runs at a time; a newer one by the same caller for the same flow takes the place of the older one, which gets 409.',
      example: { body: { last: 200 } },
    },
    handler: replayFlow,
  }),
] as const;
