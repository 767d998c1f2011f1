import { type TSchema, Type } from 'typebox';
import { listEventReasons, listLeadReasons } from '../handlers/reasons.ts';
import { EVENT_REASON_PARAMETERS, LEAD_REASON_PARAMETERS } from '../reason-question.ts';
import { route } from '../route.ts';
import { CLOSED, ID, nullable, TIME } from '../schemas.ts';

const GROUP = {
  reason_class: Type.String({
    description:
      'The reason with … for what differs from lead to lead: ask for the entries with the parameter `reason_class`.',
  }),
  leads: Type.Integer({
    description: 'Leads; of events each once for each type, outcome, flow, source, step and recipient.',
  }),
  first_seen: TIME,
  last_seen: TIME,
  sample_ids: Type.Array(ID, { description: 'A few that have it, newest first.' }),
};

function describeGroups(group: Record<string, TSchema>, name: string): TSchema {
  return Type.Object(
    {
      start: TIME,
      end: TIME,
      counted_until: nullable(TIME, { description: 'All before is counted; null: everything is.' }),
      total: Type.Integer({ description: 'Groups there are.' }),
      reasons: Type.Array(Type.Object(group, CLOSED)),
    },
    { ...CLOSED, $id: name },
  );
}

export const REASON_ROUTES = [
  route({
    name: 'listEventReasons',
    method: 'GET',
    path: '/events/reasons',
    permission: 'reports.read',
    query: EVENT_REASON_PARAMETERS,
    takesTurns: true,
    answers: { 200: describeGroups({ ...GROUP, events: Type.Integer() }, 'EventReasons') },
    doc: { summary: 'Events by reason: how often each kind of reason occurred, the most frequent first.' },
    handler: listEventReasons,
  }),
  route({
    name: 'listLeadReasons',
    method: 'GET',
    path: '/leads/reasons',
    permission: 'reports.read',
    query: LEAD_REASON_PARAMETERS,
    takesTurns: true,
    answers: { 200: describeGroups(GROUP, 'LeadReasons') },
    doc: { summary: 'Leads by the reason that their sources were answered, the most frequent first.' },
    handler: listLeadReasons,
  }),
] as const;
