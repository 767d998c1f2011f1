import type { LeadRecord } from '../../../events/event-store.ts';
import { submissionOf } from '../../../resubmission/resubmit-leads.ts';
import { RANDOM_DEFAULT } from '../../../simulation/chance.ts';
import { countedIds } from '../../../simulation/counted-ids.ts';
import { prepareFlow } from '../../../simulation/prepare-flow.ts';
import { simulateLead, sourceOf } from '../../../simulation/simulate-lead.ts';
import type { ApiDeps } from '../../api.ts';
import { surroundingsOf } from '../surroundings.ts';

/** What would become of a lead; recipients take everything in a preview. */
export interface Preview {
  outcome: string | null;
  reason: string | null;
  /** What would be sent, in order; credentials masked as on events. */
  requests: unknown[];
}

type PreviewDeps = Pick<
  ApiDeps,
  | 'flows'
  | 'accounts'
  | 'fields'
  | 'destinations'
  | 'findProblems'
  | 'compileFlow'
  | 'clock'
  | 'ids'
  | 'version'
  | 'report'
>;

/** Simulates leads on their flows as deployed now; each flow is prepared once. */
export function createPreviewer(deps: PreviewDeps, accountId: string): (lead: LeadRecord) => Promise<Preview> {
  const prepared = new Map<string, ReturnType<typeof prepare>>();
  return async (lead) => {
    const flow = await (prepared.get(lead.flowId) ?? remember(lead.flowId));
    if (!flow) return nothing('The flow is no longer there, or not deployed');
    const source = sourceOf(flow, lead.sourceId);
    if (!source) return nothing('The flow has no such source any more');
    const now = deps.clock.now();
    const { request } = submissionOf(lead, { asLeadId: deps.ids.next(), clock: deps.clock });
    const simulation = {
      flow: { kind: 'revision' as const, revision: 'deployed' as const },
      source: lead.sourceId,
      submission: { ...request, query: request.uri.split('?')[1] ?? '' },
      now,
      random: RANDOM_DEFAULT,
      lists: [],
      caps: new Map<string, number>(),
      answers: new Map(),
    };
    const { version, report } = deps;
    const simulated = await simulateLead(flow, {
      source,
      simulation,
      deps: { now, ids: countedIds(now), version, report },
    });
    return previewOf(simulated.lead);
  };

  function remember(flowId: string): ReturnType<typeof prepare> {
    const preparing = prepare(deps, { accountId, flowId });
    prepared.set(flowId, preparing);
    return preparing;
  }
}

async function prepare(deps: PreviewDeps, at: { accountId: string; flowId: string }) {
  const record = await deps.flows.find(at);
  if (!record || record.deployedRevision === null) return undefined;
  const revision = record.deployedRevision;
  const document = await deps.flows.readRevision({ ...at, revision });
  if (!document) return undefined;
  const surroundings = await surroundingsOf(deps, at.accountId);
  const now = deps.clock.now();
  const made = prepareFlow(deps, {
    flowId: at.flowId,
    revision,
    document,
    previous: record.document,
    surroundings,
    ids: countedIds(now),
    now,
  });
  return made.ok ? made.value : undefined;
}

function nothing(reason: string): Preview {
  return { outcome: null, reason, requests: [] };
}

function previewOf(lead: Record<string, unknown> | null): Preview {
  if (!lead) return nothing('The source would not take it');
  const events = lead['events'] as { transactions?: { request: unknown }[] }[]; // made by buildLead
  return {
    outcome: String(lead['outcome']),
    reason: typeof lead['reason'] === 'string' ? lead['reason'] : null,
    requests: events.flatMap(({ transactions = [] }) => transactions.map(({ request }) => request)),
  };
}
