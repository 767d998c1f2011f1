import { EVENT_PARAMETERS } from '../../src/http/event-question.ts';
import { SUBMIT_BODY_BYTES_MAX } from '../../src/http/ingest/read-submission.ts';
import { buildPageParameters } from '../../src/http/paging.ts';
import type { DocumentedRoute } from '../../src/http/route.ts';
import { DOCUMENTED_ROUTES } from '../../src/http/routes.ts';
import { code, generatedPage, table } from './markdown.ts';

/** `docs/reference/api.md`. */
export function apiReference(): string {
  const rows = DOCUMENTED_ROUTES.map((route) => {
    return [
      `${route.method} ${code(route.path)}`,
      route.permission === 'public'
        ? 'anybody'
        : route.permission === 'session'
          ? 'a signed-in user'
          : code(route.permission),
      route.doc.summary,
      listStatuses(route),
    ];
  });
  const introduction =
    'JSON in and out. An API key is the password of HTTP Basic, the user name does not matter: `curl -u "api:$KEY" …`. Every route behind a key answers 401 without one; parameters a route does not know are 400, and a body where none is read is 422; every path answers 405 for other methods and those that take a body 413 and 415; every route but the public GETs answers 503 while the database is away. Bodies of errors: [errors.md](errors.md).';
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
function listStatuses({ answers, wireErrors = [] }: DocumentedRoute): string {
  return [...new Set([...Object.keys(answers), ...wireErrors.map(({ status }) => String(status)), '400'])]
    .sort()
    .join(', ');
}

function namesOf(parameters: object): string {
  return Object.keys(parameters).map(code).join(', ');
}
