import { EVENT_PARAMETERS } from '../../src/http/event-question.ts';
import { SUBMIT_BODY_BYTES_MAX } from '../../src/http/ingest/read-submission.ts';
import { buildPageParameters } from '../../src/http/paging.ts';
import type { RouteFacts } from '../../src/http/route.ts';
import { ROUTES } from '../../src/http/routes.ts';
import { code, generatedPage, table } from './markdown.ts';

interface RoutePage {
  does: string;
  /** Beside 401 behind a key, 405 and 503, which every route has. */
  answers: string;
}

/** What routes do whose rows do not say it yet. */
const PAGES: Readonly<Record<string, RoutePage>> = {
  'GET /flows': {
    does: 'All flows as saved. `include` or `exclude` picks properties; `warnings` only by `include`.',
    answers: '200, 400',
  },
  'POST /flows': {
    does: 'Saves a new flow; an `id` of your own may be given. Not live before a deploy.',
    answers: '201, 400, 409, 422',
  },
  'PUT /flows': { does: 'Saves an array of complete flows with ids, all or none.', answers: '200, 400, 403, 409, 422' },
  'GET /flows/:id': {
    does: 'One flow as saved, with `errors`, [`warnings`](lint.md) and revisions.',
    answers: '200, 400, 404',
  },
  'PUT /flows/:id': {
    does: 'Saves the next revision; 409 where the `revision` of the body, or `If-Match`, is not the saved one.',
    answers: '200, 400, 404, 409, 422',
  },
  'DELETE /flows/:id': {
    does: 'Deletes a flow and answers it as it was; leads get 404 from then on. Takes `If-Match`.',
    answers: '200, 400, 404, 409',
  },
  'POST /flows/:id/deploy': {
    does: 'Makes the last saved revision the one leads run on; takes `If-Match`.',
    answers: '200, 400, 404, 409, 422',
  },
  'POST /flows/:id/evaluate': {
    does: 'What would become of a submission: the answer, the events and the explanation. Writes and sends nothing.',
    answers: '200, 400, 404, 422',
  },
  'GET /flows/:id/fields': { does: 'The flow’s fields in its order.', answers: '200, 400, 404' },
  'GET /flows/:id/fields/usage': {
    does: 'Per field, how many leads came with it in `timeframe`: `today`, `yesterday`, `this_N_<units>`, `previous_N_<units>`.',
    answers: '200, 400, 404',
  },
  'GET /flows/:flow_id/sources/:source_id/meta': {
    does: 'What a sender must know to submit to a source.',
    answers: '200, 400, 404',
  },
  'POST /flows/:flow_id/sources/:source_id/test_step': {
    does: 'Sends mapped data to an integration and tells what came of it; 404 without a body while it is off.',
    answers: '200, 400, 404, 422',
  },
};

/** `docs/reference/api.md`. */
export function apiReference(): string {
  const rows = ROUTES.map((route) => {
    const name = `${route.method} ${route.path}`;
    const page = PAGES[name];
    const [does, answers] = page ? [page.does, page.answers] : [route.doc.summary, listStatuses(route)];
    if (does === '') throw new Error(`${name} has no summary`);
    return [
      `${route.method} ${code(route.path)}`,
      route.permission === 'public'
        ? 'anybody'
        : route.permission === 'session'
          ? 'whoever is signed in'
          : code(route.permission),
      does,
      answers,
    ];
  });
  const introduction =
    'JSON in and out. An API key is the password of HTTP Basic, the user name does not matter: `curl -u "api:$KEY" …`. Every route behind a key answers 401 without one; parameters a route does not know are 400, and a body where none is read is 422; every path answers 405 for other methods and those that take a body 413 and 415; everything answers 503 while the database is away. Bodies of errors: [errors.md](errors.md).';
  return generatedPage('API', {
    from: 'src/http/routes/',
    introduction,
    body: [
      table(['Route', 'Permission', 'What it does', 'Answers'], rows),
      '## Asking for events and leads',
      `Events take ${namesOf(EVENT_PARAMETERS)}; leads take ${namesOf(buildPageParameters([]))} and ${code('outcome')}. Lists may be written with commas. \`rules\` are rules over an event’s properties, in JSON (\`outcome\`, \`vars.lead.state\`). A page has 100 entries unless \`limit\` says otherwise (at most 1 000); go on with \`before_id\` or, with \`sort=asc\`, \`after_id\`. When a search with rules ends at its bound, \`X-Scan-Truncated-At\` names the id to go on from.`,
      '## Submitting a lead',
      `POST or GET ${code('/flows/:flow_id/sources/:source_id/submit')}. The source’s id is its entity’s (24 characters) or its own inside the flow (6). The body is a form, JSON or XML of at most ${SUBMIT_BODY_BYTES_MAX} bytes, by Content-Type; a GET carries the values in its query. Bodies may be compressed (gzip, deflate, br) and in any charset they declare. Pages of other origins may post, unless the source lists \`allowed_origins\`, such as \`["https://www.example.com"]\`: a page of any other origin then gets 403. The answer is JSON, or XML when \`Accept\` asks for it:`,
      '```json\n{"outcome":"failure","reason":"duplicate","lead":{"id":"6b00d7ded87f0cf99714beb0"},"price":0}\n```',
      table(
        ['Status', 'When'],
        [
          ['201', 'the lead was taken and is on disk, whatever its outcome: `success`, `failure` or `error`'],
          [
            '400, 403, 404, 401',
            'malformed id; disabled source; unknown, deleted or never deployed flow or unknown source; the source asks for an API key',
          ],
          ['400, 405, 406, 413, 415', 'the body or method cannot be read, or no wanted format can be written'],
          ['503', 'nothing was promised: send it again after `Retry-After` seconds'],
          [
            '303',
            'the lead came from a web form that asks for a redirect (`redir_url`), to a host that `redirect_hosts` of the source allows',
          ],
        ],
      ),
      'With an API key and `Prefer: return=representation` the answer is 200 with a list of one `{request, response}` record instead ([decision 0019](../decisions/0019-recorded-answer.md)).',
    ].join('\n\n'),
  });
}

/** The statuses that are not those of every route. */
function listStatuses({ answers }: RouteFacts): string {
  return [...new Set([...Object.keys(answers), '400'])].sort().join(', ');
}

function namesOf(parameters: object): string {
  return Object.keys(parameters).map(code).join(', ');
}
