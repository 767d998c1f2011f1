import { idRangeOf } from '../../../events/id-range.ts';
import { isId } from '../../../lib/ids.ts';
import { fail, ok, type Result } from '../../../lib/result.ts';
import { LEAD_OUTCOMES } from '../../../model/outcome.ts';
import type { Problem } from '../../../model/problem.ts';
import type { Judged } from '../../../resubmission/resubmission.ts';
import { judgeLeads, type ResubmitOptions, resubmitLeads } from '../../../resubmission/resubmit-leads.ts';
import { type ApiDeps, answer, type Handler } from '../../api.ts';
import { type ApiError, apiError } from '../../errors.ts';
import { endOfTime, startOfTime } from '../../query-parameters.ts';
import { createPreviewer } from './preview-resubmission.ts';

const LEADS_MAX = 1_000;
const LIMIT_DEFAULT = 100;
const KNOWN = ['lead_ids', 'query', 'preview', 'limit', 'again', 'with_masked'];
const KNOWN_IN_QUERY = ['flow_id', 'source_id', 'outcome', 'start', 'end'];

/**
 * `POST /leads/resubmit`: sends failed leads through their flows as deployed now, each as a new lead. Nothing is sent
 * unless `preview` is false; without it the answer tells what would be sent, with recipients that take everything.
 */
export const resubmit: Handler = async (deps, { principal, body }) => {
  const parsed = parseRequest(body);
  if (!parsed.ok) return parsed.error;
  const { isPreview, options, wanted } = parsed.value;
  const { accountId } = principal;
  const leadIds = wanted.kind === 'ids' ? wanted.leadIds : await idsOf(deps, { accountId, wanted });
  const judged = await judgeLeads(deps, { accountId, leadIds, options });
  const missing = leadIds.filter((id) => !judged.some(({ lead }) => lead.id === id));
  if (isPreview) {
    const preview = createPreviewer(deps, accountId);
    const leads = [];
    for (const each of judged) leads.push(await previewAnswer(each, preview));
    return answer(200, { preview: true, leads, missing });
  }
  const { results, remaining } = await resubmitLeads(deps, { accountId, judged, options });
  const leads = results.map(({ leadId, asLeadId, outcome, reason }) => ({
    lead_id: leadId,
    resubmitted_as: asLeadId,
    outcome,
    reason,
  }));
  return answer(200, { preview: false, leads, remaining, missing });
};

async function previewAnswer(judged: Judged, preview: ReturnType<typeof createPreviewer>) {
  const { lead, refusal, warnings } = judged;
  const would = refusal === null ? await preview(lead) : null;
  return { lead_id: lead.id, outcome: lead.outcome, reason: lead.reason, refused: refusal, warnings, would };
}

interface LeadQuery {
  kind: 'query';
  flowIds: string[] | undefined;
  sourceIds: string[] | undefined;
  outcomes: string[];
  start: number | null;
  end: number | null;
  limit: number;
}

interface ResubmitRequest {
  isPreview: boolean;
  options: ResubmitOptions;
  wanted: { kind: 'ids'; leadIds: string[] } | LeadQuery;
}

async function idsOf(deps: Pick<ApiDeps, 'events'>, at: { accountId: string; wanted: LeadQuery }): Promise<string[]> {
  const { accountId, wanted } = at;
  const { flowIds, sourceIds, outcomes, start, end, limit } = wanted;
  const filter = { flowIds, sourceIds, outcomes };
  const leads = await deps.events.pageOfLeads({ accountId, range: idRangeOf(start, end), filter, sort: 'asc', limit });
  return leads.map(({ id }) => id);
}

function parseRequest(body: unknown): Result<ResubmitRequest, ApiError> {
  if (!isObject(body)) {
    return fail(apiError('malformed_body', 'The body must be a JSON object such as {"lead_ids": ["…"]}.'));
  }
  const problems: Problem[] = unknownNames(body, { known: KNOWN, prefix: '' });
  const flag = (name: string, byDefault: boolean): boolean => {
    const value = body[name] ?? byDefault;
    if (typeof value !== 'boolean') problems.push({ path: name, message: 'Must be true or false.' });
    return value === true;
  };
  const options = { isAgain: flag('again', false), takesMasked: flag('with_masked', false) };
  const isPreview = flag('preview', true);
  const wanted = parseWanted(body, problems);
  if (problems.length > 0 || !wanted) {
    return fail(apiError('invalid_document', 'The resubmission is not valid; details says where.', problems));
  }
  return ok({ isPreview, options, wanted });
}

function parseWanted(body: Record<string, unknown>, problems: Problem[]): ResubmitRequest['wanted'] | undefined {
  const { lead_ids: leadIds, query, limit = LIMIT_DEFAULT } = body;
  if ((leadIds === undefined) === (query === undefined)) {
    problems.push({ path: 'lead_ids', message: 'Give lead_ids or a query, and not both.' });
    return undefined;
  }
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > LEADS_MAX) {
    problems.push({ path: 'limit', message: `Must be a whole number from 1 to ${LEADS_MAX}.` });
    return undefined;
  }
  if (leadIds === undefined) return parseQuery(query, { limit, problems });
  const isList = Array.isArray(leadIds) && leadIds.length > 0 && leadIds.length <= LEADS_MAX;
  if (!isList || !leadIds.every((id): id is string => typeof id === 'string' && isId(id))) {
    problems.push({ path: 'lead_ids', message: `Must be 1 to ${LEADS_MAX} ids of 24 hexadecimal characters.` });
    return undefined;
  }
  return { kind: 'ids', leadIds: [...new Set(leadIds.map((id) => id.toLowerCase()))] };
}

function parseQuery(query: unknown, at: { limit: number; problems: Problem[] }): LeadQuery | undefined {
  const { limit, problems } = at;
  if (!isObject(query)) {
    problems.push({ path: 'query', message: 'Must be an object such as {"flow_id": "…", "outcome": "error"}.' });
    return undefined;
  }
  problems.push(...unknownNames(query, { known: KNOWN_IN_QUERY, prefix: 'query.' }));
  const id = (name: string): string[] | undefined => {
    const value = query[name];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && isId(value)) return [value.toLowerCase()];
    problems.push({ path: `query.${name}`, message: 'Must be an id of 24 hexadecimal characters.' });
    return undefined;
  };
  const instant = (name: 'start' | 'end'): number | null => {
    const value = query[name];
    if (value === undefined) return null;
    const read = (name === 'start' ? startOfTime() : endOfTime()).parse([String(value)]);
    if (read.ok) return read.value;
    problems.push({ path: `query.${name}`, message: read.error });
    return null;
  };
  const outcome = query['outcome'];
  const known = LEAD_OUTCOMES.find((each) => each === outcome);
  if (outcome !== undefined && !known) {
    problems.push({ path: 'query.outcome', message: `Must be one of ${LEAD_OUTCOMES.join(', ')}.` });
  }
  return {
    kind: 'query',
    flowIds: id('flow_id'),
    sourceIds: id('source_id'),
    outcomes: known ? [known] : ['failure', 'error'],
    start: instant('start'),
    end: instant('end'),
    limit,
  };
}

function unknownNames(given: object, at: { known: readonly string[]; prefix: string }): Problem[] {
  return Object.keys(given)
    .filter((name) => !at.known.includes(name))
    .map((name) => ({ path: `${at.prefix}${name}`, message: `Is not known here; there are ${at.known.join(', ')}.` }));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
