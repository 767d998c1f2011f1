import type { LeadRecord } from '../events/event-store.ts';
import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { FlowStore } from '../flows/flow-store.ts';
import { loadSurroundings, type SurroundingsDeps } from '../flows/flow-surroundings.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import type { ResubmitCall } from '../resubmission/resubmit-leads.ts';
import { submissionAgain } from '../resubmission/submission-again.ts';
import { RANDOM_DEFAULT } from './chance.ts';
import { countedIds } from './counted-ids.ts';
import { type PrepareDeps, prepareFlow } from './prepare-flow.ts';
import { findSource, type SimulatedLead, simulateLead } from './simulate-lead.ts';

/** The simulated result of a lead. */
export interface Would {
  /** null: the source would not accept it, see `reason`. */
  outcome: string | null;
  reason: string | null;
  /** In order, by step; secrets masked as on events. */
  requests: { step_id: unknown; recipient: unknown; request: unknown }[];
}

export interface SimulatorDeps extends SurroundingsDeps, PrepareDeps {
  flows: Pick<FlowStore, 'find' | 'readRevision'>;
  clock: Clock;
  ids: Ids;
  version: string;
  report: PhaseDeps['report'];
}

/** Simulates leads on their flows as deployed now; each flow is prepared once. */
export function createSimulator(deps: SimulatorDeps, call: ResubmitCall): (lead: LeadRecord) => Promise<Would> {
  const prepared = new Map<string, Promise<CompiledFlow | undefined>>();
  return async (lead) => {
    const asLeadId = deps.ids.next();
    const { flowId, sourceRef, request } = submissionAgain(lead, { asLeadId, target: call.target, clock: deps.clock });
    const preparing = prepared.get(flowId) ?? prepare(deps, { accountId: call.accountId, flowId });
    prepared.set(flowId, preparing);
    const flow = await preparing;
    if (!flow) return notTaken('The flow was deleted or is not deployed');
    const source = findSource(flow, sourceRef);
    if (!source) return notTaken('The flow no longer has this source');
    const now = deps.clock.now();
    const simulation = {
      flow: { kind: 'revision' as const, revision: 'deployed' as const },
      source: sourceRef,
      submission: { ...request, query: request.uri.split('?').slice(1).join('?') },
      now,
      random: RANDOM_DEFAULT,
      lists: [],
      caps: new Map<string, number>(),
      answers: new Map(),
      prices: new Map(),
    };
    const { version, report } = deps;
    return describeWould(
      await simulateLead(flow, { source, simulation, deps: { now, ids: countedIds(now), version, report } }),
    );
  };
}

async function prepare(
  deps: SimulatorDeps,
  key: { accountId: string; flowId: string },
): Promise<CompiledFlow | undefined> {
  const record = await deps.flows.find(key);
  if (!record || record.deployedRevision === null) return undefined;
  const revision = record.deployedRevision;
  const document = await deps.flows.readRevision({ ...key, revision });
  if (!document) return undefined;
  const surroundings = await loadSurroundings(deps, key.accountId);
  const now = deps.clock.now();
  const ids = countedIds(now);
  const { flowId } = key;
  const previous = record.document;
  const made = await prepareFlow(deps, { flowId, revision, document, previous, surroundings, ids, now });
  return made.ok ? made.value : undefined;
}

function notTaken(reason: string): Would {
  return { outcome: null, reason, requests: [] };
}

type SimulatedEvent = { step_id?: unknown; vars?: { recipient?: unknown }; transactions?: { request: unknown }[] };

function describeWould({ lead, response }: SimulatedLead): Would {
  if (!lead) return notTaken(`The source would answer ${response.status}`);
  const events = lead['events'] as SimulatedEvent[]; // made by buildLead
  const { outcome, reason } = lead;
  return {
    outcome: String(outcome),
    reason: typeof reason === 'string' ? reason : null,
    requests: events.flatMap(({ step_id, vars, transactions = [] }) =>
      transactions.map(({ request }) => ({ step_id, recipient: vars?.recipient, request })),
    ),
  };
}
