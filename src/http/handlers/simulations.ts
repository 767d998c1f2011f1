import type { Static } from 'typebox';
import type { Principal } from '../../access/principal.ts';
import type { FlowStore } from '../../flows/flow-store.ts';
import { loadSurroundings, type SurroundingsDeps } from '../../flows/flow-surroundings.ts';
import type { Clock } from '../../lib/clock.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { PhaseDeps } from '../../pipeline/phase.ts';
import { countedIds } from '../../simulation/counted-ids.ts';
import { type EvaluatedDocument, type PrepareDeps, prepareFlow } from '../../simulation/prepare-flow.ts';
import { readSimulation, type SIMULATION } from '../../simulation/read-simulation.ts';
import { findSource, simulateLead } from '../../simulation/simulate-lead.ts';
import type { WantedFlow } from '../../simulation/simulation.ts';
import { unknownNames } from '../../simulation/unknown-names.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';
import { UNKNOWN_FLOW } from './flows.ts';

export interface SimulationDeps extends SurroundingsDeps, PrepareDeps {
  flows: FlowStore;
  clock: Clock;
  /** Of this program, as simulated requests name it. */
  version: string;
  report: PhaseDeps['report'];
}

const NEVER_DEPLOYED = apiError('not_found', 'The flow has not been deployed.');
const UNKNOWN_REVISION = apiError('not_found', 'The flow has no revision with this number.');
const UNKNOWN_SOURCE = apiError('not_found', 'The flow has no such source.');
const MALFORMED = 'The evaluation is malformed; details says where.';

/** `POST /flows/{id}/evaluate`: what would become of a submission. Writes nothing and sends nothing. */
export async function evaluateFlow(
  deps: SimulationDeps,
  { principal, params, body }: { principal: Principal; params: { id: string }; body: Static<typeof SIMULATION> },
): Promise<ApiResult> {
  const parsed = readSimulation(body);
  if (!parsed.ok) return invalidDocument(parsed.error, MALFORMED);
  const simulation = parsed.value;
  const key = { accountId: principal.accountId, flowId: params.id };
  const document = await evaluatedDocument(deps, { ...key, wanted: simulation.flow });
  if (!document.ok) return document.error;
  const surroundings = await loadSurroundings(deps, principal.accountId);
  const now = simulation.now ?? deps.clock.now();
  const ids = countedIds(now);
  const flow = await prepareFlow(deps, { ...document.value, surroundings, ids, now });
  if (!flow.ok) return apiError('not_deployable', 'The flow cannot run; details says why.', flow.error);
  const source = findSource(flow.value, simulation.source);
  if (!source) return UNKNOWN_SOURCE;
  const unknown = unknownNames(flow.value, simulation);
  if (unknown.length > 0) return invalidDocument(unknown, MALFORMED);
  const { version, report } = deps;
  return answer(200, await simulateLead(flow.value, { source, simulation, deps: { now, ids, version, report } }));
}

/** A document that came along may be of a flow that was never saved. */
async function evaluatedDocument(
  deps: Pick<SimulationDeps, 'flows'>,
  at: { accountId: string; flowId: string; wanted: WantedFlow },
): Promise<Result<EvaluatedDocument, ApiError>> {
  const { accountId, flowId, wanted } = at;
  const record = await deps.flows.find({ accountId, flowId });
  const previous = record?.document ?? null;
  if (wanted.kind === 'document') return ok({ flowId, revision: 0, document: wanted.document, previous });
  if (!record) return fail(UNKNOWN_FLOW);
  const revision = numberOf(wanted.revision, record);
  if (revision === null) return fail(NEVER_DEPLOYED);
  const document = await deps.flows.readRevision({ accountId, flowId, revision });
  return document ? ok({ flowId, revision, document, previous }) : fail(UNKNOWN_REVISION);
}

function numberOf(
  wanted: 'saved' | 'deployed' | number,
  record: { revision: number; deployedRevision: number | null },
): number | null {
  if (wanted === 'saved') return record.revision;
  return wanted === 'deployed' ? record.deployedRevision : wanted;
}
