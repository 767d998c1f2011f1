import type { HttpAnswer, InboundModule, InboundRequest } from '../integrations/contract.ts';
import { parseXml } from '../integrations/formats/parse-xml.ts';
import { parseJson } from '../lib/parse-json.ts';
import { FLOW_NOT_FOUND, SOURCE_DISABLED, UNAUTHORIZED_SOURCE } from '../pipeline/phases/authenticate.ts';
import { flatten } from '../variables/flatten.ts';
import { isPlainObject } from '../variables/rich-value.ts';
import { unflatten } from '../variables/unflatten.ts';
import type { PostingBody, PostingMember, PostingResponse } from './posting-page.ts';

export interface ResponseFacts {
  module: InboundModule | null;
  /** Path of the submit URL. */
  submitPath: string;
  /** Of the source; undefined: the module's own. */
  responseFields: readonly string[] | undefined;
  /** Field id → a value, for answers that carry fields of the lead. */
  lead: Readonly<Record<string, string>>;
  /** Dollars of a lead that was bought. */
  price: number;
  failureReason: string;
  /** Of a duplicate; null: the flow does not refuse them. */
  duplicateReason: string | null;
  needsKey: boolean;
  takesPings: boolean;
  takesRedirects: boolean;
  /** What the server itself refuses with, before a lead is one. */
  refusals: ServerRefusals;
}

export interface ServerRefusals {
  too_large: HttpAnswer;
  unavailable: HttpAnswer;
}

const LEAD_ID = '5f0c1e2d3a4b5c6d7e8f9a0b';

type Kind = PostingResponse['kind'];
type Outcome = { outcome: 'success' | 'failure' | 'error'; reason?: string; price: number };

/** Every answer that a sender of this source may get, made by the code that makes them. */
export async function listResponses(facts: ResponseFacts): Promise<PostingResponse[]> {
  const { failureReason, duplicateReason, price } = facts;
  const failure: Outcome = { outcome: 'failure', reason: failureReason, price: 0 };
  const rows = [
    answerOf('success', facts, { outcome: 'success', price }),
    answerOf('failure', facts, failure),
    ...(duplicateReason === null ? [] : [answerOf('duplicate', facts, { ...failure, reason: duplicateReason })]),
    answerOf('error', facts, { outcome: 'error', reason: 'The lead could not be stored', price: 0 }),
    ...(facts.takesPings
      ? [
          answerOf('ping_success', facts, { outcome: 'success', price: Math.max(price, EXAMPLE_BID) }),
          answerOf('ping_failure', facts, failure),
        ]
      : []),
    ...(facts.takesRedirects ? [answerOf('redirect', facts, { outcome: 'success', price })] : []),
    refusalOf('malformed', facts, POST({ 'Content-Type': 'application/json' }, '{"email": ')),
    ...(facts.needsKey ? [served('unauthorized', UNAUTHORIZED_SOURCE)] : []),
    served('disabled', SOURCE_DISABLED),
    served('not_found', FLOW_NOT_FOUND),
    refusalOf('method', facts, { ...POST({}, ''), method: 'PUT' }),
    refusalOf('media_type', facts, POST({}, 'email=jane.doe%40example.com')),
    refusalOf('not_acceptable', facts, { ...POST({ Accept: 'image/png' }, '') }),
    served('too_large', facts.refusals.too_large),
    served('unavailable', facts.refusals.unavailable),
  ];
  return (await Promise.all(rows)).flatMap((row) => row ?? []);
}

/** Dollars: a price that the answers show where the link shares none: a ping without one would be no success. */
export const EXAMPLE_BID = 1;

const TEXTS: Readonly<Record<Kind, { title: string; sentence: string; mayRetry: boolean }>> = {
  success: { title: 'Accepted', sentence: 'The lead was accepted. Store the lead id.', mayRetry: false },
  failure: {
    title: 'Not accepted',
    sentence:
      'The lead was read and not accepted; "reason" says why. Store the lead id. Do not send it again unchanged.',
    mayRetry: false,
  },
  duplicate: {
    title: 'Duplicate',
    sentence: 'The lead was sent before. Do not send it again.',
    mayRetry: false,
  },
  error: {
    title: 'Error',
    sentence: 'The lead could not be handled as it should be, and was not accepted. Report it with the lead id.',
    mayRetry: false,
  },
  ping_success: {
    title: 'Ping accepted',
    sentence: 'The lead would be bought for this price. Send it to the submit URL with the id of the ping.',
    mayRetry: false,
  },
  ping_failure: { title: 'Ping not accepted', sentence: 'The lead would not be bought.', mayRetry: false },
  redirect: {
    title: 'Redirect',
    sentence: 'With redir_url: the body is the same, and the header Location has that URL.',
    mayRetry: false,
  },
  malformed: {
    title: 'The body cannot be read',
    sentence: 'Nothing was taken. Repair the request; the text says what is wrong.',
    mayRetry: false,
  },
  unauthorized: {
    title: 'No key that fits',
    sentence: 'Nothing was taken. Send the header Authorization as described above.',
    mayRetry: false,
  },
  disabled: {
    title: 'The source is switched off',
    sentence: 'Nothing was taken. Stop posting and ask the person who gave you this page.',
    mayRetry: false,
  },
  not_found: {
    title: 'No such URL',
    sentence: 'Nothing was taken. Compare the URL with the submit URL above.',
    mayRetry: false,
  },
  method: { title: 'Another method', sentence: 'Nothing was taken. Use POST.', mayRetry: false },
  media_type: {
    title: 'A body without Content-Type',
    sentence: 'Nothing was taken. Send the header Content-Type.',
    mayRetry: false,
  },
  not_acceptable: {
    title: 'An Accept header that cannot be met',
    sentence: 'Nothing was taken. Leave Accept out, or ask for JSON or XML.',
    mayRetry: false,
  },
  too_large: { title: 'Too long a body', sentence: 'Nothing was taken. Send a smaller body.', mayRetry: false },
  unavailable: {
    title: 'Not available now',
    sentence: 'Nothing was taken. Send the same request again after the seconds of the header Retry-After.',
    mayRetry: true,
  },
};

/** Formats of answers, as a request asks for them. */
const ACCEPTS = ['application/json', 'application/xml'] as const;

async function answerOf(kind: Kind, facts: ResponseFacts, said: Outcome): Promise<PostingResponse | null> {
  const { module, responseFields, lead, submitPath } = facts;
  if (!module) return null;
  const isPing = kind.startsWith('ping_');
  const query = kind === 'redirect' ? `?redir_url=${encodeURIComponent(EXAMPLE_REDIRECT)}` : '';
  const uri = (isPing ? submitPath.replace(/submit$/, 'ping') : submitPath) + query;
  const vars = { ...said, lead: { ...unflatten(lead), id: LEAD_ID }, appended: {} };
  const answers: HttpAnswer[] = [];
  for (const accept of ACCEPTS) {
    const request = { ...POST({ Accept: accept }, ''), uri };
    answers.push(await module.response(request, vars, responseFields));
  }
  return describeAnswers(kind, answers);
}

/** What the module refuses by itself; null: it takes such a request. */
async function refusalOf(kind: Kind, { module, submitPath }: ResponseFacts, request: InboundRequest) {
  const measured = request.body === '' ? {} : { 'Content-Length': String(request.body.length) };
  const read = await module?.request({ ...request, uri: submitPath, headers: { ...request.headers, ...measured } });
  return read && !read.ok ? describeAnswers(kind, [read.error]) : null;
}

function served(kind: Kind, answer: HttpAnswer): PostingResponse {
  return describeAnswers(kind, [answer]);
}

function describeAnswers(kind: Kind, answers: readonly HttpAnswer[]): PostingResponse {
  const { title, sentence, mayRetry } = TEXTS[kind];
  const bodies = answers.map(describeBody);
  const different = bodies.filter(({ body }, index) => bodies.findIndex((each) => each.body === body) === index);
  return { kind, title, status: answers[0]?.status ?? 0, sentence, may_retry: mayRetry, bodies: different };
}

function describeBody({ headers, body }: HttpAnswer): PostingBody {
  const mediaType = (headers['Content-Type'] ?? 'text/plain').split(';')[0] ?? 'text/plain';
  const isJson = mediaType.endsWith('json');
  return { format: isJson ? 'json' : mediaType.endsWith('xml') ? 'xml' : 'text', media_type: mediaType, body };
}

export const EXAMPLE_REDIRECT = 'https://www.example.com/thank-you';

function POST(headers: Record<string, string>, body: string): InboundRequest {
  return { method: 'POST', uri: '', version: '1.1', headers, body, timestamp: 0 };
}

/** Every member of the answers to leads, in their order, with what it means. */
export function listMembers(responses: readonly PostingResponse[]): PostingMember[] {
  const answers = responses
    .filter(({ kind }) => ABOUT_LEADS.has(kind))
    .flatMap(({ bodies }) => bodies.map(readMembers));
  const names = [...new Set(answers.flatMap((members) => [...members.keys()]))];
  return names.map((name) => ({
    name,
    type: answers.flatMap((members) => members.get(name) ?? [])[0] ?? 'text',
    sentence:
      MEMBERS.get(name) ??
      (name.startsWith('lead.') ? 'The value of the lead as it was read.' : 'Of this source alone.'),
    is_always_there: answers.every((members) => members.has(name)),
  }));
}

const ABOUT_LEADS: ReadonlySet<Kind> = new Set(['success', 'failure', 'error', 'duplicate']);

/** Name → type. */
function readMembers({ format, body }: PostingBody): ReadonlyMap<string, string> {
  const parsed = format === 'json' ? readJson(body) : readXml(body);
  if (!isPlainObject(parsed)) return new Map();
  return new Map(
    Object.entries(flatten(parsed)).map(([name, value]) => [name, typeof value === 'number' ? 'number' : 'text']),
  );
}

/** null: a module of a package may answer anything. */
function readJson(body: string): unknown {
  try {
    return parseJson(body);
  } catch {
    return null;
  }
}

function readXml(body: string): unknown {
  const parsed = parseXml(body);
  return parsed.ok ? parsed.value : null;
}

const REASON = 'Why the lead was not accepted, for people. Left out of a success.';
const OUTCOME = '"success": accepted. "failure": not accepted. "error": it could not be handled.';
const ID = 'The id of the lead, 24 characters. Store it: questions about a lead need it.';
const MEMBERS: ReadonlyMap<string, string> = new Map([
  ['outcome', OUTCOME],
  ['result', OUTCOME],
  ['reason', REASON],
  ['lead.id', ID],
  ['leadId', ID],
  ['url', 'A link to the lead, for its owner.'],
  ['price', 'Dollars that are paid for the lead; 0: nothing is paid.'],
]);
