import { Type } from 'typebox';
import { readStatus } from '../handlers/operations.ts';
import { type RouteDoc, route } from '../route.ts';
import { CLOSED, TIME } from '../schemas.ts';

const PROBLEM_NOW = Type.Object(
  {
    check: Type.String({ description: 'As in the checks of `/readyz`.' }),
    message: Type.String({ description: 'What is wrong.' }),
    remedy: Type.String({ description: 'What to do.' }),
    since: { ...TIME, description: 'When this process first saw it.' },
  },
  { ...CLOSED, $id: 'StatusProblem' },
);

const STATUS = Type.Object(
  {
    product: Type.Literal('sluice'),
    version: Type.String(),
    status: Type.Enum(['ok', 'no_leads']),
    reason: Type.Optional(Type.String({ description: 'Why it takes no leads now: the message of the first problem.' })),
    problems: Type.Array(PROBLEM_NOW, {
      description: 'The checks of `/readyz` that fail; empty: none. Leads are taken although `standby` fails.',
    }),
    pid: Type.Optional(Type.Integer({ description: 'Only for callers on the same machine.' })),
  },
  { ...CLOSED, $id: 'Status' },
);

const doc: RouteDoc = {
  summary: 'That this is a Sluice, its version, and what keeps it from taking leads.',
  description:
    'Always 200, also while the database is away. `npm start` reads it to say which program has a port; load balancers ask `/readyz`.',
  example: { answer: { product: 'sluice', version: '0.1.0', status: 'ok', problems: [], pid: 4711 } },
};

export const STATUS_ROUTES = [
  route({
    name: 'readStatus',
    method: 'GET',
    path: '/status',
    permission: 'public',
    answers: { 200: STATUS },
    doc,
    handler: readStatus,
  }),
] as const;
