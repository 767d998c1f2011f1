import { type Static, Type } from 'typebox';
import { compileEventFilter } from '../events/compile-event-filter.ts';
import { mayTellValues } from '../events/event-properties.ts';
import { computeIdRange, intersect, NO_AFTER, NO_BEFORE } from '../events/id-range.ts';
import { listRuleVariables } from '../events/list-rule-variables.ts';
import { isId } from '../lib/ids.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { LEAD_OUTCOMES } from '../model/outcome.ts';
import type { Problem } from '../model/problem.ts';
import type { ResubmitOptions } from '../resubmission/judge-lead.ts';
import type { LeadQuestion } from '../resubmission/select-leads.ts';
import type { Target } from '../resubmission/submission-again.ts';
import type { ApiError } from './errors.ts';
import { endOfTime, startOfTime } from './parameters.ts';
import { invalidDocument } from './read-body.ts';
import { CLOSED, ID } from './schemas.ts';

/** What `POST /leads/resubmit` is asked. */
export interface ResubmitRequest {
  isPreview: boolean;
  /** Answered at once; a job sends the leads. */
  isJob: boolean;
  options: ResubmitOptions;
  wanted: { kind: 'ids'; leadIds: string[] } | { kind: 'query'; question: LeadQuestion };
  /** Would the answer tell which leads have a value? */
  tellsValues: boolean;
  /** null: each lead goes to the source it came to. */
  target: Target | null;
  /** null: the call has no name. */
  callId: string | null;
  /** All of the body but `preview`, as text: what a name stands for. */
  asked: string;
}

const LEADS_MAX = 1_000;
const LEADS_OF_JOB_MAX = 10_000;
const LIMIT_DEFAULT = 100;
const REASON_CHARACTERS_MAX = 4_096;
const TIME_CHARACTERS_MAX = 64;

const QUERY = Type.Object(
  {
    flow_id: Type.Optional(ID),
    source_id: Type.Optional(ID),
    outcome: Type.Optional(Type.Enum([...LEAD_OUTCOMES], { description: 'Default: failure and error.' })),
    reason: Type.Optional(Type.String({ maxLength: REASON_CHARACTERS_MAX })),
    start: Type.Optional(Type.String({ maxLength: TIME_CHARACTERS_MAX })),
    end: Type.Optional(Type.String({ maxLength: TIME_CHARACTERS_MAX })),
    after_id: Type.Optional(ID),
    held_duplicate: Type.Optional(
      Type.Boolean({ description: 'Only duplicates of a lead that was still under way then.' }),
    ),
    rules: Type.Optional(Type.Array(Type.Unknown(), { description: 'As for `POST /events`, of the source event.' })),
  },
  CLOSED,
);

const AT_MOST = `1 to ${LEADS_MAX}, of a job 1 to ${LEADS_OF_JOB_MAX}.`;

export const RESUBMISSION = Type.Object(
  {
    lead_ids: Type.Optional(Type.Array(ID, { minItems: 1, maxItems: LEADS_OF_JOB_MAX, says: AT_MOST })),
    query: Type.Optional(QUERY),
    to: Type.Optional(
      Type.Object(
        {
          flow_id: ID,
          source_id: Type.String({
            pattern: '^([0-9a-fA-F]{24}|[0-9a-zA-Z]{6})$',
            says: 'Must be the id of a source: 24 hexadecimal characters, or its own six.',
          }),
        },
        CLOSED,
      ),
    ),
    preview: Type.Optional(Type.Boolean({ description: 'Default: true; nothing is sent.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LEADS_OF_JOB_MAX, description: AT_MOST })),
    as_job: Type.Optional(Type.Boolean({ description: 'A job sends them: the answer is 202 with the job.' })),
    again: Type.Optional(Type.Boolean({ description: 'Also leads that were sent again before.' })),
    with_masked: Type.Optional(Type.Boolean({ description: 'Also leads whose masked values are lost.' })),
    resubmission_id: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_.:-]{1,64}$',
        says: 'Must be 1 to 64 letters, digits or any of _ . : -',
        description: 'Names the call: made again, it sends nothing twice.',
      }),
    ),
  },
  { ...CLOSED, $id: 'Resubmission' },
);

/** The request of a well-formed body, or what no schema says is wrong with it. */
export function readResubmission(body: Static<typeof RESUBMISSION>): Result<ResubmitRequest, ApiError> {
  const { preview, again = false, with_masked: takesMasked = false, to, resubmission_id: callId = null } = body;
  const isJob = body.as_job === true;
  const tooMany = findTooMany(body);
  if (tooMany) return fail(invalidResubmission([tooMany]));
  if (isJob && preview !== false) return fail(invalidResubmission([JOB_ONLY_SENDS]));
  const wanted = wantedOf(body);
  if (!wanted.ok) return fail(invalidResubmission(wanted.error));
  const { preview: _, ...asked } = body;
  return ok({
    isPreview: preview ?? true,
    isJob,
    options: { isAgain: again, takesMasked },
    wanted: wanted.value,
    tellsValues: body.query?.reason !== undefined || listRuleVariables(body.query?.rules ?? []).some(mayTellValues),
    target: to ? { flowId: to.flow_id.toLowerCase(), sourceRef: inLowerCase(to.source_id) } : null,
    callId,
    asked: JSON.stringify(asked),
  });
}

const JOB_ONLY_SENDS: Problem = { path: 'as_job', message: 'A job sends leads, so it needs "preview": false.' };

/** A request is answered within half a minute, so it takes fewer than a job. */
function findTooMany({ as_job, limit = 0, lead_ids = [] }: Static<typeof RESUBMISSION>): Problem | undefined {
  if (as_job) return undefined;
  const message = `At most ${LEADS_MAX}; a job ("as_job": true) takes ${LEADS_OF_JOB_MAX}.`;
  if (limit > LEADS_MAX) return { path: 'limit', message };
  return lead_ids.length > LEADS_MAX ? { path: 'lead_ids', message } : undefined;
}

/** The 422 with the places. */
export function invalidResubmission(problems: readonly Problem[]): ApiError {
  return invalidDocument(problems, 'The resubmission is not valid; details says where.');
}

function wantedOf(body: Static<typeof RESUBMISSION>): Result<ResubmitRequest['wanted'], Problem[]> {
  const { lead_ids: leadIds, query, limit = LIMIT_DEFAULT, again = false } = body;
  if (leadIds && !query) return ok({ kind: 'ids', leadIds: [...new Set(leadIds.map((id) => id.toLowerCase()))] });
  if (!query || leadIds) return fail([{ path: 'lead_ids', message: 'Give lead_ids or a query, and not both.' }]);
  return questionOf(query, { isAgain: again, limit });
}

/** Leads that were sent again before are left out unless `again` is said: the next call goes on with the others. */
function questionOf(
  query: Static<typeof QUERY>,
  { isAgain, limit }: { isAgain: boolean; limit: number },
): Result<ResubmitRequest['wanted'], Problem[]> {
  const { flow_id: flowId, source_id: sourceId, after_id: afterId, outcome, reason } = query;
  const [start, end] = [instantOf(query.start, startOfTime()), instantOf(query.end, endOfTime())];
  const test = query.rules === undefined ? ok(undefined) : compileEventFilter(query.rules);
  if (!start.ok || !end.ok || !test.ok) {
    return fail([
      ...(start.ok ? [] : [{ path: 'query.start', message: start.error }]),
      ...(end.ok ? [] : [{ path: 'query.end', message: end.error }]),
      ...(test.ok ? [] : test.error.map(({ path, message }) => ({ path: `query.${path}`, message }))),
    ]);
  }
  const filter = {
    flowIds: flowId === undefined ? undefined : [flowId.toLowerCase()],
    sourceIds: sourceId === undefined ? undefined : [sourceId.toLowerCase()],
    outcomes: outcome === undefined ? ['failure', 'error'] : [outcome],
    reason,
    isResubmitted: isAgain ? undefined : false,
  };
  const cursor = { after: afterId?.toLowerCase() ?? NO_AFTER, before: NO_BEFORE };
  const question: LeadQuestion = {
    range: intersect(cursor, computeIdRange(start.value, end.value)),
    filter,
    test: test.value,
    isHeldDuplicate: query.held_duplicate === true,
    limit,
  };
  return ok({ kind: 'query', question });
}

function instantOf(text: string | undefined, time: ReturnType<typeof startOfTime>): Result<number | null, string> {
  return text === undefined ? ok(null) : time.parse([text]);
}

/** Ids of entities are kept so; a source's own id has its case. */
function inLowerCase(id: string): string {
  return isId(id) ? id.toLowerCase() : id;
}
