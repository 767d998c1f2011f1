import { Type } from 'typebox';
import { JOB_STATES } from '../../jobs/job.ts';
import { QUEUE_ROWS } from '../../jobs/jobs.ts';
import { cancelJob, listJobs, pauseJob, readJob, resumeJob } from '../handlers/jobs.ts';
import { about, id, integer, listOf, oneOf } from '../parameters.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, TIME } from '../schemas.ts';

const MAYBE_TIME = nullable(TIME);
const MAYBE_NUMBER = nullable(Type.Number());

export const JOB = Type.Object(
  {
    id: Type.String(),
    kind: Type.Enum(QUEUE_ROWS.map(({ name }) => name)),
    state: Type.Enum([...JOB_STATES], {
      description:
        'By what came of it: `done` when nothing failed, `failed` when all of it did. `waiting`: for a person to confirm it.',
    }),
    asked_by: Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }, CLOSED),
    progress: Type.Object(
      {
        done: Type.Integer(),
        total: nullable(Type.Integer()),
        rate_per_second: MAYBE_NUMBER,
        eta_seconds: MAYBE_NUMBER,
      },
      CLOSED,
    ),
    counters: Type.Record(Type.String(), Type.Integer(), { description: 'Pieces by outcome.' }),
    reason: nullable(Type.String()),
    attempt: Type.Integer({ description: 'How often it was begun; a stop of its server process counts.' }),
    cancel_asked: Type.Boolean(),
    log: Type.Array(Type.Object({ at: TIME, text: Type.String() }, CLOSED), {
      description: 'The last 100 lines.',
    }),
    artefacts: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          url: Type.String(),
          content_type: Type.String(),
          size: Type.Integer({ description: 'Characters.' }),
          expires_at: TIME,
        },
        CLOSED,
      ),
    ),
    created_at: TIME,
    started_at: MAYBE_TIME,
    updated_at: TIME,
    ended_at: MAYBE_TIME,
  },
  { ...CLOSED, $id: 'Job' },
);

const params = { id: idInPath('The id of the job.') };
const example = {
  answer: {
    id: '6b00d7de2f1d7a3c5e9b0a20',
    kind: 'resubmit',
    state: 'running',
    asked_by: { kind: 'key', id: '6b00d7de2f1d7a3c5e9b0a01', name: 'administrator' },
    progress: { done: 120, total: 1000, rate_per_second: 24.5, eta_seconds: 36 },
    counters: { success: 112, failure: 6, refused: 2 },
    reason: null,
    attempt: 1,
    cancel_asked: false,
    log: [{ at: '2026-11-27T09:00:01.000Z', text: 'Starts with 1000 leads' }],
    artefacts: [
      {
        name: 'results.csv',
        url: '/jobs/6b00d7de2f1d7a3c5e9b0a20/artefacts/results.csv',
        content_type: 'text/csv; charset=utf-8',
        size: 9021,
        expires_at: '2026-12-04T09:00:03.000Z',
      },
    ],
    created_at: '2026-11-27T09:00:00.000Z',
    started_at: '2026-11-27T09:00:00.500Z',
    updated_at: '2026-11-27T09:00:05.400Z',
    ended_at: null,
  },
};

/** Work that was put into the queue (decision page 0053). */
export const JOB_ROUTES = [
  route({
    name: 'listJobs',
    method: 'GET',
    path: '/jobs',
    permission: 'jobs.read',
    query: {
      state: about('Only jobs in these states.', listOf(JOB_STATES)),
      kind: about('Only jobs of this kind.', oneOf(QUEUE_ROWS.map(({ name }) => name))),
      before_id: about('Goes on after this job of the page before.', id()),
      limit: about('Jobs of a page; 25 unless given.', integer({ min: 1, max: 100 })),
    },
    answers: { 200: Type.Array(JOB) },
    doc: { summary: 'Jobs of the account, newest first.', example: { answer: [example.answer] } },
    handler: listJobs,
  }),
  route({
    name: 'readJob',
    method: 'GET',
    path: '/jobs/:id',
    permission: 'jobs.read',
    params,
    answers: { 200: JOB, 404: 'not_found' },
    doc: {
      summary: 'One job: how far it is, and what came of it.',
      description:
        '`GET /jobs/{id}/events` is the same as a stream (`text/event-stream`) that ends with the job. `GET /jobs/{id}/artefacts/{name}` is a file that it made.',
      example,
    },
    handler: readJob,
  }),
  route({
    name: 'cancelJob',
    method: 'POST',
    path: '/jobs/:id/cancel',
    permission: 'jobs.manage',
    params,
    takesNoBody: true,
    answers: { 200: JOB, 202: JOB, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Cancels a job: 200 when it had not begun, 202 when it runs and stops soon.',
      description: 'What it has done already stays done.',
    },
    handler: cancelJob,
  }),
  route({
    name: 'pauseJob',
    method: 'POST',
    path: '/jobs/:id/pause',
    permission: 'jobs.manage',
    params,
    takesNoBody: true,
    answers: { 200: JOB, 202: JOB, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Pauses a job: 200 when it is paused, 202 when it runs and pauses soon.',
      description: 'Pieces under way end first. A job that stays paused for 7 days is cancelled.',
    },
    handler: pauseJob,
  }),
  route({
    name: 'resumeJob',
    method: 'POST',
    path: '/jobs/:id/resume',
    permission: 'jobs.manage',
    params,
    takesNoBody: true,
    answers: { 200: JOB, 404: 'not_found', 409: 'conflict' },
    doc: { summary: 'Puts a paused job into the queue again: it goes on where it paused.' },
    handler: resumeJob,
  }),
] as const;
