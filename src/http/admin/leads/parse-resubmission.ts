import { compileEventFilter } from '../../../events/compile-event-filter.ts';
import { idRangeOf, intersect, NO_AFTER, NO_BEFORE } from '../../../events/id-range.ts';
import { isId, isShortId } from '../../../lib/ids.ts';
import { fail, ok, type Result } from '../../../lib/result.ts';
import { LEAD_OUTCOMES } from '../../../model/outcome.ts';
import type { Problem } from '../../../model/problem.ts';
import type { ResubmitOptions } from '../../../resubmission/judge-lead.ts';
import type { LeadQuestion } from '../../../resubmission/select-leads.ts';
import type { Target } from '../../../resubmission/submission-again.ts';
import { type ApiError, apiError } from '../../errors.ts';
import { endOfTime, startOfTime } from '../../parameters.ts';

/** What `POST /leads/resubmit` is asked. */
export interface ResubmitRequest {
  isPreview: boolean;
  options: ResubmitOptions;
  wanted: { kind: 'ids'; leadIds: string[] } | { kind: 'query'; question: LeadQuestion };
  /** null: each lead goes to the source it came to. */
  target: Target | null;
  /** null: the call has no name. */
  callId: string | null;
  /** All of the body but `preview`, as text: what a name stands for. */
  asked: string;
}

const LEADS_MAX = 1_000;
const LIMIT_DEFAULT = 100;
const REASON_CHARACTERS_MAX = 4_096;
const CALL_ID = /^[\w.:-]{1,64}$/;
const KNOWN = ['lead_ids', 'query', 'to', 'preview', 'limit', 'again', 'with_masked', 'resubmission_id'];
const KNOWN_IN_QUERY = [
  'flow_id',
  'source_id',
  'outcome',
  'reason',
  'start',
  'end',
  'after_id',
  'held_duplicate',
  'rules',
];

type Given = Record<string, unknown>;

/** Reads the body, or tells all that is wrong with it. */
export function parseResubmission(body: unknown): Result<ResubmitRequest, ApiError> {
  if (!isObject(body)) {
    return fail(apiError('malformed_body', 'The body must be a JSON object such as {"lead_ids": ["…"]}.'));
  }
  const problems = unknownNames(body, { known: KNOWN, prefix: '' });
  const options = {
    isAgain: flag(body, { name: 'again', byDefault: false, problems }),
    takesMasked: flag(body, { name: 'with_masked', byDefault: false, problems }),
  };
  const isPreview = flag(body, { name: 'preview', byDefault: true, problems });
  const wanted = wantedOf(body, { isAgain: options.isAgain, problems });
  const target = targetOf(body['to'], problems);
  const callId = callIdOf(body['resubmission_id'], problems);
  if (problems.length > 0 || !wanted) return fail(invalidResubmission(problems));
  const { preview: _, ...asked } = body;
  return ok({ isPreview, options, wanted, target, callId, asked: JSON.stringify(asked) });
}

/** The 422 with the places. */
export function invalidResubmission(problems: readonly Problem[]): ApiError {
  return apiError('invalid_document', 'The resubmission is not valid; details says where.', problems);
}

function wantedOf(body: Given, at: { isAgain: boolean; problems: Problem[] }): ResubmitRequest['wanted'] | undefined {
  const { problems } = at;
  const { lead_ids: leadIds, query, limit = LIMIT_DEFAULT } = body;
  if ((leadIds === undefined) === (query === undefined)) {
    problems.push({ path: 'lead_ids', message: 'Give lead_ids or a query, and not both.' });
    return undefined;
  }
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > LEADS_MAX) {
    problems.push({ path: 'limit', message: `Must be a whole number from 1 to ${LEADS_MAX}.` });
    return undefined;
  }
  if (leadIds === undefined) return questionOf(query, { ...at, limit });
  const isList = Array.isArray(leadIds) && leadIds.length > 0 && leadIds.length <= LEADS_MAX;
  if (!isList || !leadIds.every((id): id is string => typeof id === 'string' && isId(id))) {
    problems.push({ path: 'lead_ids', message: `Must be 1 to ${LEADS_MAX} ids of 24 hexadecimal characters.` });
    return undefined;
  }
  return { kind: 'ids', leadIds: [...new Set(leadIds.map((id) => id.toLowerCase()))] };
}

/** Leads that were sent again before are left out unless `again` is said: the next call goes on with the others. */
function questionOf(
  query: unknown,
  at: { isAgain: boolean; limit: number; problems: Problem[] },
): ResubmitRequest['wanted'] | undefined {
  const { isAgain, limit, problems } = at;
  if (!isObject(query)) {
    problems.push({ path: 'query', message: 'Must be an object such as {"flow_id": "…", "outcome": "error"}.' });
    return undefined;
  }
  problems.push(...unknownNames(query, { known: KNOWN_IN_QUERY, prefix: 'query.' }));
  const reader = { query, problems };
  const [flowId, sourceId, afterId] = [idIn('flow_id', reader), idIn('source_id', reader), idIn('after_id', reader)];
  const time = idRangeOf(instantIn('start', reader), instantIn('end', reader));
  const filter = {
    flowIds: flowId === undefined ? undefined : [flowId],
    sourceIds: sourceId === undefined ? undefined : [sourceId],
    outcomes: outcomesIn(reader),
    reason: reasonIn(reader),
    isResubmitted: isAgain ? undefined : false,
  };
  const question: LeadQuestion = {
    range: intersect({ after: afterId ?? NO_AFTER, before: NO_BEFORE }, time),
    filter,
    test: testIn(reader),
    isHeldDuplicate: flag(query, { name: 'held_duplicate', byDefault: false, problems, prefix: 'query.' }),
    limit,
  };
  return { kind: 'query', question };
}

interface Reader {
  query: Given;
  problems: Problem[];
}

function idIn(name: string, { query, problems }: Reader): string | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && isId(value)) return value.toLowerCase();
  problems.push({ path: `query.${name}`, message: 'Must be an id of 24 hexadecimal characters.' });
  return undefined;
}

function instantIn(name: 'start' | 'end', { query, problems }: Reader): number | null {
  const value = query[name];
  if (value === undefined) return null;
  const read = (name === 'start' ? startOfTime() : endOfTime()).parse([typeof value === 'string' ? value : '']);
  if (read.ok) return read.value;
  problems.push({ path: `query.${name}`, message: read.error });
  return null;
}

function outcomesIn({ query, problems }: Reader): string[] {
  const { outcome } = query;
  const known = LEAD_OUTCOMES.find((each) => each === outcome);
  if (outcome !== undefined && !known) {
    problems.push({ path: 'query.outcome', message: `Must be one of ${LEAD_OUTCOMES.join(', ')}.` });
  }
  return known ? [known] : ['failure', 'error'];
}

function reasonIn({ query, problems }: Reader): string | undefined {
  const { reason } = query;
  if (reason === undefined) return undefined;
  if (typeof reason === 'string' && reason.length <= REASON_CHARACTERS_MAX) return reason;
  problems.push({ path: 'query.reason', message: `Must be a text of at most ${REASON_CHARACTERS_MAX} characters.` });
  return undefined;
}

/** The rules of `/events`, asked of the lead's source event. */
function testIn({ query, problems }: Reader): LeadQuestion['test'] {
  const { rules } = query;
  if (rules === undefined) return undefined;
  const compiled = Array.isArray(rules)
    ? compileEventFilter(rules)
    : fail([{ path: 'rules', message: 'Must be a list of rules, as for POST /events.' }]);
  if (compiled.ok) return compiled.value;
  problems.push(...compiled.error.map(({ path, message }) => ({ path: `query.${path}`, message })));
  return undefined;
}

function targetOf(to: unknown, problems: Problem[]): Target | null {
  if (to === undefined) return null;
  const { flow_id: flowId, source_id: sourceRef, ...others } = isObject(to) ? to : {};
  const isSource = typeof sourceRef === 'string' && (isId(sourceRef) || isShortId(sourceRef));
  if (typeof flowId === 'string' && isId(flowId) && isSource && Object.keys(others).length === 0) {
    return { flowId: flowId.toLowerCase(), sourceRef: isId(sourceRef) ? sourceRef.toLowerCase() : sourceRef };
  }
  problems.push({ path: 'to', message: 'Must be {"flow_id": "…", "source_id": "…"}: a source of a deployed flow.' });
  return null;
}

function callIdOf(value: unknown, problems: Problem[]): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && CALL_ID.test(value)) return value;
  problems.push({ path: 'resubmission_id', message: 'Must be 1 to 64 letters, digits or any of _ . : -' });
  return null;
}

function flag(given: Given, at: { name: string; byDefault: boolean; problems: Problem[]; prefix?: string }): boolean {
  const { name, byDefault, problems, prefix = '' } = at;
  const value = given[name] === undefined ? byDefault : given[name];
  if (typeof value !== 'boolean') problems.push({ path: `${prefix}${name}`, message: 'Must be true or false.' });
  return value === true || (typeof value !== 'boolean' && byDefault);
}

const NAME_CHARACTERS_MAX = 64;
const NAMES_TOLD_MAX = 10;

function unknownNames(given: object, at: { known: readonly string[]; prefix: string }): Problem[] {
  const unknown = Object.keys(given).filter((name) => !at.known.includes(name));
  return unknown.slice(0, NAMES_TOLD_MAX).map((name) => ({
    path: `${at.prefix}${name.slice(0, NAME_CHARACTERS_MAX)}`,
    message: `Is not known here; there are ${at.known.join(', ')}.`,
  }));
}

function isObject(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
