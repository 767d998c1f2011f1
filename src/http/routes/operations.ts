import { Type } from 'typebox';
import { readLiveness, readMetrics, readReadiness } from '../handlers/operations.ts';
import { route } from '../route.ts';

const LIVENESS = Type.Object({ status: Type.Literal('ok') }, { additionalProperties: false, $id: 'Liveness' });
const READINESS = Type.Object(
  { status: Type.Literal('ready'), checks: Type.Record(Type.String(), Type.String()) },
  { additionalProperties: false, $id: 'Readiness' },
);

/** What supervisors, load balancers and Prometheus ask (decision page 0055). */
export const OPERATION_ROUTES = [
  route({
    name: 'readLiveness',
    method: 'GET',
    path: '/livez',
    permission: 'public',
    answers: { 200: LIVENESS },
    doc: {
      summary: 'Does the process answer? For supervisors: restart it when it does not.',
      example: { answer: { status: 'ok' } },
    },
    handler: readLiveness,
  }),
  route({
    name: 'readReadiness',
    method: 'GET',
    path: '/readyz',
    permission: 'public',
    answers: { 200: READINESS, 503: 'unavailable' },
    doc: {
      summary: 'Should new leads come here? For load balancers.',
      description:
        'Looks at the database, its migrations, the lease of this process, its clock, whether it still warms up, whether it stops, and, where there is one, the standby that reading routes ask, without which it is ready all the same. 503 names in `details` what is not well; `/status` says since when and what to do.',
      example: {
        answer: {
          status: 'ready',
          checks: { database: 'ok', migrations: 'ok', lease: 'ok', clock: 'ok', warm: 'ok', serving: 'ok' },
        },
      },
    },
    handler: readReadiness,
  }),
  route({
    name: 'readMetrics',
    method: 'GET',
    path: '/metrics',
    permission: 'reports.read',
    answers: { 200: Type.String() },
    answerTypes: ['text/plain'],
    doc: {
      summary: 'Numbers of this process in the text format of Prometheus.',
      description:
        'Leads by outcome, phase and recipient latency, queues, pools, event loop, open retries and unknown outcomes. Labels hold no ids and no values of leads. With several workers the answer is that of one of them: its `worker` label says which.',
    },
    handler: readMetrics,
  }),
];
