import { Type } from 'typebox';
import { LEADS_FOUND_MAX } from '../../events/lead-search-store.ts';
import { HIT_FIELDS } from '../../search/searched-fields.ts';
import { searchLeads } from '../handlers/search.ts';
import { route } from '../route.ts';
import { CLOSED, ID, nullable, TIME } from '../schemas.ts';
import { HITS_MAX, SEARCH_PARAMETERS } from '../search-parameters.ts';
import { PICKED_EVENT } from './events.ts';

const HIT = Type.Object(
  {
    lead_id: ID,
    flow_id: ID,
    flow_name: Type.String(),
    source_id: ID,
    source_name: nullable(Type.String()),
    ...Object.fromEntries(HIT_FIELDS.map((name) => [name, nullable(Type.String())])),
    submission_timestamp: TIME,
    highlight: Type.Record(Type.String(), Type.Array(Type.String(), { minItems: 1, maxItems: 1 }), {
      description: 'By field, the value as HTML: what was looked for is in `<em>`, everything else is escaped.',
    }),
    latest_event: PICKED_EVENT,
  },
  { ...CLOSED, $id: 'SearchHit' },
);

const FOUND = Type.Object(
  {
    total: Type.Integer({ maximum: LEADS_FOUND_MAX, description: `Leads found, ${LEADS_FOUND_MAX} at most.` }),
    hits: Type.Array(HIT, { maxItems: HITS_MAX }),
    truncated: Type.Optional(
      Type.Literal(true, {
        description: `There may be further leads, older than these: the search ended at ${LEADS_FOUND_MAX} leads, or at its time. Add a word.`,
      }),
    ),
  },
  { ...CLOSED, $id: 'LeadsFound' },
);

export const SEARCH_ROUTES = [
  route({
    name: 'searchLeads',
    method: 'GET',
    path: '/search/leads',
    permission: 'leads.read',
    query: SEARCH_PARAMETERS,
    takesTurns: true,
    answers: { 200: FOUND, 400: 'malformed_query' },
    doc: {
      summary: 'Finds leads by names, places, e-mail addresses, phones, references and ids.',
      description:
        'Without `personal_data.read` leads are found by ids alone, and hits have no values. `X-Counted-Until`: there after an upgrade alone; leads from then on are found by ids only so far.',
    },
    handler: searchLeads,
  }),
] as const;
