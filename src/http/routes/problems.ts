import { Type } from 'typebox';
import {
  MUTE_DAYS_MAX,
  NOTE_CHARACTERS_MAX,
  PROBLEM_DAYS,
  PROBLEM_HOURS,
  PROBLEM_KINDS,
  PROBLEM_STATES,
} from '../../problems/problem.ts';
import { CAUSES } from '../../problems/suspected-cause.ts';
import {
  EVENTS_OF_RETRY_MAX,
  listProblems,
  markProblem,
  RETRY_COUNTS,
  readProblem,
  retryProblem,
} from '../handlers/problems.ts';
import { about, idList, integer, listOf } from '../parameters.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, ID, NAMED, nullable, TIME } from '../schemas.ts';
import { JOB } from './jobs.ts';

const PROPERTIES = {
  id: ID,
  kind: Type.Enum([...PROBLEM_KINDS], {
    description:
      'What fails: deliveries of a step to a recipient, with their retries; leads of a source; feedback on its way to a source.',
  }),
  flow: NAMED,
  source: nullable(NAMED, { description: 'null: a delivery fails for leads of every source.' }),
  recipient: nullable(NAMED),
  step_id: nullable(Type.String()),
  outcome: Type.Enum(['error', 'failure'], {
    description: 'A `failure` of a recipient is a problem where its reason is that of a fault, such as a refused key.',
  }),
  reason_class: Type.String({
    description: 'The reason with … for what differs from lead to lead; empty: there is none.',
  }),
  cause: nullable(Type.Enum([...CAUSES]), { description: 'What is probably wrong; null: nothing says so.' }),
  state: Type.Enum([...PROBLEM_STATES]),
  muted_until: nullable(TIME),
  note: nullable(Type.String()),
  changed_at: nullable(TIME, { description: 'When somebody set the state or the note; null: nobody has.' }),
  events: Type.Integer({ description: `Failures of the last ${PROBLEM_DAYS} days.` }),
  leads: Type.Integer({ description: 'Leads that have them; one that failed again in a retry counts for each.' }),
  first_seen: Type.String({ format: 'date-time', description: `Within ${PROBLEM_DAYS} days.` }),
  last_seen: TIME,
  per_hour: Type.Array(Type.Integer(), {
    minItems: PROBLEM_HOURS,
    maxItems: PROBLEM_HOURS,
    description: `Failures by the hour (UTC), the oldest first; the last hour is under way.`,
  }),
};

const PROBLEM = Type.Object(PROPERTIES, { ...CLOSED, $id: 'FailureProblem' });

const SAMPLE = Type.Object(
  {
    event_id: ID,
    lead_id: ID,
    happened_at: TIME,
    reason: nullable(Type.String()),
    status: nullable(Type.Integer(), { description: 'Of the recipient’s answer; null: there was none.' }),
  },
  CLOSED,
);

const PROBLEM_DETAILS = Type.Object(
  {
    ...PROPERTIES,
    samples: Type.Array(SAMPLE, { description: 'At most five, the newest first.' }),
  },
  { ...CLOSED, $id: 'FailureProblemDetails' },
);

const count = Type.Integer();
const PROBLEMS = Type.Object(
  {
    counted_until: nullable(TIME, { description: 'All before is counted; null: everything is.' }),
    counts: Type.Object(Object.fromEntries(PROBLEM_STATES.map((state) => [state, count])), {
      ...CLOSED,
      description: 'Problems of the flows and recipients that were asked for, by state.',
    }),
    total: Type.Integer({ description: 'Problems that were asked for; `limit` may leave some out.' }),
    problems: Type.Array(PROBLEM),
  },
  { ...CLOSED, $id: 'FailureProblems' },
);

const MARK = Type.Object(
  {
    state: Type.Optional(Type.Enum([...PROBLEM_STATES])),
    muted_until: Type.Optional(
      Type.String({
        maxLength: 64,
        description: `Only with \`muted\`, and needed there: at most ${MUTE_DAYS_MAX} days ahead.`,
      }),
    ),
    note: Type.Optional(
      nullable(
        Type.String({
          maxLength: NOTE_CHARACTERS_MAX,
          says: `Must be a text of at most ${NOTE_CHARACTERS_MAX} characters.`,
        }),
      ),
    ),
  },
  { ...CLOSED, $id: 'ProblemMark', minProperties: 1 },
);

const RETRY = Type.Object(
  {
    preview: Type.Optional(Type.Boolean({ description: 'Default: true; leads are counted, and nothing is sent.' })),
    start: Type.Optional(Type.String({ maxLength: 64, description: 'Only failures from then on.' })),
    end: Type.Optional(Type.String({ maxLength: 64, description: 'Only failures until then.' })),
    after_id: Type.Optional(ID),
    again: Type.Optional(
      Type.Boolean({ description: 'Also leads that were a success or were sent again: they may be sold twice.' }),
    ),
  },
  { ...CLOSED, $id: 'ProblemRetry' },
);

const RETRIED = Type.Object(
  {
    preview: Type.Boolean(),
    counts: Type.Object(Object.fromEntries(RETRY_COUNTS.map((name) => [name, count])), {
      ...CLOSED,
      description:
        'Leads. `delivered_again`: their retry is due at once. `resubmitted`: a job sends them through their flow again. The others are not tried again.',
    }),
    job: nullable(JOB, { description: 'Of the leads that are resubmitted; null: there are none.' }),
    scan_truncated_at: Type.Optional(
      Type.String({
        pattern: '^[0-9a-fA-F]{24}$',
        description: `More than ${EVENTS_OF_RETRY_MAX} failures: ask again with it as \`after_id\`.`,
      }),
    ),
  },
  { ...CLOSED, $id: 'ProblemRetried' },
);

const params = { id: idInPath('The id of the problem.') };

const EXAMPLE = {
  id: '9f2b51c0d3a4e5f607182930',
  kind: 'delivery',
  flow: { id: '5fd0c0de0000000000000001', name: 'Solar leads' },
  source: null,
  recipient: { id: '5fd0c0de0000000000000021', name: 'Cloud CRM' },
  step_id: '1aacd0',
  outcome: 'error',
  reason_class: 'Server error',
  cause: 'server_error',
  state: 'open',
  muted_until: null,
  note: null,
  changed_at: null,
  events: 41,
  leads: 40,
  first_seen: '2025-03-02T21:00:11.000Z',
  last_seen: '2025-03-03T11:58:02.000Z',
  per_hour: [0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 2, 4, 1, 0, 2, 5, 4, 3, 2, 4, 3, 2, 4, 2],
};

/** Failures that somebody must act on, as groups with a state (decision page 0105). */
export const PROBLEM_ROUTES = [
  route({
    name: 'listProblems',
    method: 'GET',
    path: '/problems',
    permission: 'leads.read',
    query: {
      state: about('Only problems in these states.', listOf(PROBLEM_STATES)),
      flow_id: about('Only those of these flows.', idList()),
      recipient_id: about('Only those of these recipients.', idList()),
      limit: about('Problems of the answer, the last seen first; 50 unless given.', integer({ min: 1, max: 200 })),
    },
    takesTurns: true,
    answers: { 200: PROBLEMS },
    doc: {
      summary: `What fails again and again: failures of the last ${PROBLEM_DAYS} days by flow, place and kind of reason.`,
      example: {
        answer: {
          counted_until: '2025-03-03T12:00:00.000Z',
          counts: { open: 1, acknowledged: 0, muted: 0, resolved: 2 },
          total: 1,
          problems: [EXAMPLE],
        },
      },
    },
    handler: listProblems,
  }),
  route({
    name: 'readProblem',
    method: 'GET',
    path: '/problems/:id',
    permission: 'leads.read',
    params,
    takesTurns: true,
    answers: { 200: PROBLEM_DETAILS, 404: 'not_found' },
    doc: { summary: 'One of them, with a few of its failures and what is probably wrong.' },
    handler: readProblem,
  }),
  route({
    name: 'markProblem',
    method: 'PATCH',
    path: '/problems/:id',
    permission: 'leads.resubmit',
    params,
    body: MARK,
    answers: { 200: PROBLEM_DETAILS, 404: 'not_found', 422: 'invalid_document' },
    doc: {
      summary: 'Acknowledges, mutes, resolves or opens a problem, or notes something about it.',
      description: 'A resolved problem is open again when it happens again; a muted one when its time is over.',
      example: { body: { state: 'acknowledged', note: 'Their key is renewed today.' } },
    },
    handler: markProblem,
  }),
  route({
    name: 'retryProblem',
    method: 'POST',
    path: '/problems/:id/retry',
    permission: 'leads.resubmit',
    params,
    body: RETRY,
    answers: { 200: RETRIED, 202: RETRIED, 404: 'not_found', 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary:
        'Tries the leads of a problem again: a delivery that has a retry is made again, other leads go through their flow again. Counts them unless `preview` is false.',
      example: { body: { preview: false, start: '2025-03-02T00:00:00Z', end: '2025-03-02T23:59:59Z' } },
    },
    handler: retryProblem,
  }),
] as const;
