import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { fail, ok, type Result } from '../../../lib/result.ts';
import { resubmitLeads } from '../../../resubmission/resubmit-leads.ts';
import { selectLeads } from '../../../resubmission/select-leads.ts';
import { type ApiDeps, answer, type Handler } from '../../api.ts';
import { type ApiError, apiError } from '../../errors.ts';
import { invalidResubmission, parseResubmission, type ResubmitRequest } from './parse-resubmission.ts';
import { previewResubmission } from './preview-resubmission.ts';

/**
 * `POST /leads/resubmit`: sends failed leads through their flows as deployed now, each as a new lead. Nothing is sent
 * unless `preview` is false; without it the answer tells what would be sent, with recipients that take everything.
 */
export const resubmit: Handler = async (deps, { principal, body }) => {
  const parsed = parseResubmission(body);
  if (!parsed.ok) return parsed.error;
  const asked = parsed.value;
  const { accountId } = principal;
  const sound = await checkTarget(deps, { accountId, asked });
  if (!sound.ok) return sound.error;
  await deps.resubmissions.tidy({ accountId, now: deps.clock.now() });
  const selected = await leadsOf(deps, { accountId, asked });
  if (!selected.ok) return selected.error;
  const { leadIds, truncatedAt } = selected.value;
  const { isPreview, options, target, callId } = asked;
  const call = { accountId, leadIds, options, target, callId };
  const done = isPreview
    ? await previewResubmission(deps, { ...call, callId: null })
    : resultAnswer(await resubmitLeads(deps, call));
  return answer(200, {
    preview: isPreview,
    ...done,
    ...(truncatedAt === null ? {} : { scan_truncated_at: truncatedAt }),
  });
};

const OTHER_CALL = apiError(
  'conflict',
  'This resubmission_id stands for a call that asked for something else: give this one another.',
);

interface Asked {
  accountId: string;
  asked: ResubmitRequest;
}

interface Leads {
  leadIds: string[];
  truncatedAt: string | null;
}

/** A named call is about the leads that it found when it was made first. */
async function leadsOf(deps: ApiDeps, { accountId, asked }: Asked): Promise<Result<Leads, ApiError>> {
  const { callId, isPreview } = asked;
  if (callId === null || isPreview) return ok(await selectedLeads(deps, { accountId, asked }));
  const call = { accountId, callId, request: asked.asked };
  const known = await deps.resubmissions.findCall(call);
  if (known.kind === 'other') return fail(OTHER_CALL);
  if (known.kind === 'same') return ok({ leadIds: known.leadIds, truncatedAt: null });
  const selected = await selectedLeads(deps, { accountId, asked });
  await deps.resubmissions.keepCall({ ...call, leadIds: selected.leadIds, now: deps.clock.now() });
  // The same call may have been made at the same time: what was kept counts.
  const kept = await deps.resubmissions.findCall(call);
  return kept.kind === 'same' ? ok({ ...selected, leadIds: kept.leadIds }) : fail(OTHER_CALL);
}

async function selectedLeads(deps: ApiDeps, { accountId, asked }: Asked): Promise<Leads> {
  const { wanted } = asked;
  if (wanted.kind === 'ids') return { leadIds: wanted.leadIds, truncatedAt: null };
  const { account } = await surroundingsOf(deps, accountId);
  // A question must have the same answer twice, so nothing in it is random.
  const ctx = { now: deps.clock.now(), timeZone: account.timeZone, random: () => 0 };
  return selectLeads(deps, { accountId, question: wanted.question, ctx });
}

/** Whoever sends leads elsewhere may do so within the account. */
async function checkTarget(deps: ApiDeps, { accountId, asked }: Asked): Promise<Result<null, ApiError>> {
  const { target } = asked;
  if (!target) return ok(null);
  const { flowId, sourceRef } = target;
  const record = await deps.flows.find({ accountId, flowId });
  const revision = record?.deployedRevision ?? null;
  if (revision === null) return refuse('to.flow_id', 'There is no such flow, or it has not been deployed.');
  const flow = await deps.findRevision({ accountId, flowId, revision });
  return flow.sources.has(sourceRef) ? ok(null) : refuse('to.source_id', 'The flow has no such source.');
}

function refuse(path: string, message: string): Result<null, ApiError> {
  return fail(invalidResubmission([{ path, message }]));
}

function resultAnswer({ results, missing, remaining }: Awaited<ReturnType<typeof resubmitLeads>>) {
  const counted = (wanted: string) => results.filter(({ status }) => status === wanted).length;
  const leads = results.map(({ leadId, status, asLeadId, outcome, reason }) => ({
    lead_id: leadId,
    status,
    resubmitted_as: asLeadId,
    outcome,
    reason,
  }));
  const counts = { sent: counted('sent'), refused: counted('refused'), running: counted('running') };
  return { counts, leads, remaining, missing };
}
