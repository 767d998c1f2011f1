import { Type } from 'typebox';
import { answer } from '../api.ts';
import { type RouteDoc, route } from '../route.ts';
import { CLOSED } from '../schemas.ts';

export interface StatusDeps {
  /** Why this server takes no new leads now, a sentence; undefined: it does. */
  whyNoLeads(): string | undefined;
  /** Of this program. */
  version: string;
  processId: number;
}

const STATUS = Type.Object(
  {
    product: Type.Literal('sluice'),
    version: Type.String(),
    status: Type.Enum(['ok', 'no_leads']),
    reason: Type.Optional(Type.String({ description: 'Why it takes no leads now.' })),
    pid: Type.Integer(),
  },
  { ...CLOSED, $id: 'Status' },
);

const doc: RouteDoc = {
  summary: 'That this is a Sluice, its version and process id.',
  description: '`npm start` reads it to say which program has a port.',
  example: { answer: { product: 'sluice', version: '0.1.0', status: 'ok', pid: 4711 } },
};

export const STATUS_ROUTES = [
  route({
    name: 'readStatus',
    method: 'GET',
    path: '/status',
    permission: 'public',
    answers: { 200: STATUS },
    doc,
    handler: async (deps: StatusDeps) => {
      const reason = deps.whyNoLeads();
      const status = reason === undefined ? { status: 'ok' } : { status: 'no_leads', reason };
      return answer(200, { product: 'sluice', version: deps.version, ...status, pid: deps.processId });
    },
  }),
] as const;
