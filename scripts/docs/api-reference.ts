import { buildPageParameters, EVENT_PARAMETERS } from '../../src/http/event-question.ts';
import { SUBMIT_BODY_BYTES_MAX } from '../../src/http/ingest/read-submission.ts';
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
  'GET /destinations': {
    does: 'The destinations of the account; `include=flow_usages` tells which flows use each.',
    answers: '200, 400',
  },
  'POST /destinations': { does: 'Makes one; only this answer has its `secret`.', answers: '201, 400, 422' },
  'GET /destinations/:id': { does: 'One of them, by its instance id.', answers: '200, 400, 404' },
  'PUT /destinations/:id': {
    does: 'Replaces it, but for actions that a flow names; flows follow at once.',
    answers: '200, 400, 404, 409, 422',
  },
  'DELETE /destinations/:id': {
    does: 'Deletes it, unless a flow names it, as saved or as it runs.',
    answers: '200, 400, 404, 409',
  },
  'POST /destinations/:id/rotate_secret': { does: 'Gives it a new `secret`, told once.', answers: '200, 400, 404' },
  'POST /rules/evaluate': { does: 'One rule set against given variables, rule by rule.', answers: '200, 400, 422' },
  'POST /templates/render': {
    does: 'One template with given variables; a fault comes with line, column and snippet.',
    answers: '200, 400, 422',
  },
  'GET /retries': {
    does: 'A page of deliveries that are tried again or were; `status`, `flow_id`, `recipient_id`, `lead_id` pick.',
    answers: '200, 400',
  },
  'GET /retries/:id': { does: 'One of them.', answers: '200, 400, 404' },
  'POST /retries/:id/run': {
    does: 'Makes its next attempt due now; one that has ended goes on.',
    answers: '202, 400, 404, 409',
  },
  'POST /retries/:id/cancel': { does: 'No further attempt is made.', answers: '200, 400, 404, 409' },
  'GET /unknowns': {
    does: 'Deliveries that may have arrived and were never answered; `resolved=true`: those somebody has told of.',
    answers: '200, 400',
  },
  'POST /unknowns/:event_id/resolve': {
    does: 'Says what became of one: `{"resolution": "delivered" | "not_delivered", "price", "note", "retry"}`.',
    answers: '200, 400, 404, 409, 422',
  },
  'GET /recipients/health': {
    does: 'How each server process sees the recipients it sent to in the last minute: requests under way and waiting, errors, the circuit ([deliveries](../guides/deliveries.md#when-a-recipient-is-slow-or-away)).',
    answers: '200',
  },
  'POST /recipients/:id/close_circuit': {
    does: 'Closes the circuits to a recipient in every process within two seconds; 409 when none is open.',
    answers: '202, 400, 409',
  },
  'GET /packages': { does: 'The integration packages, built in or installed.', answers: '200' },
  'GET /packages/:id': { does: 'One of them, with its modules.', answers: '200, 404' },
  'GET /modules': {
    does: 'The modules flows can use, with the variables they take and append; `type` and `package` pick.',
    answers: '200, 400',
  },
  'GET /modules/:id': { does: 'One of them.', answers: '200, 404' },
  'GET /types': { does: 'The data types with their components and operators.', answers: '200' },
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
