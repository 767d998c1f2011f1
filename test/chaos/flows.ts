import { deployFlow, submitPath } from '../../bench/flow-api.ts';
import type { ServerProcess } from '../../bench/sluice-server.ts';
import { dailyCap, deliveryStep, flowWith, SOURCE_ENTITY_ID } from '../../bench/workloads.ts';
import { createIds } from '../../src/lib/ids.ts';
import type { Cap } from '../../src/model/cap.ts';
import type { FilterStep, RecipientStep } from '../../src/model/flow.ts';

/** A flow under chaos: where to submit, and its limits. */
export interface ChaosFlow {
  kind: 'wide' | 'capped' | 'flaky';
  id: string;
  path: string;
  limits: Limit[];
  /** The steps whose deliveries are tried again. */
  retried: RetriedStep[];
}

export interface RetriedStep {
  stepId: string;
  /** The recipient recognises a repeated delivery by its key, so one that may have arrived is tried again too. */
  isKeyed: boolean;
}

/** A cap, and the deliveries a recipient can count against it. */
export interface Limit {
  capId: string;
  maximum: number;
  /** null: of the flow; else of this step. */
  stepId: string | null;
  /** The steps whose deliveries need a place in it. */
  countedStepIds: string[];
}

const ids = createIds({ now: Date.now, random: Math.random });

/** So many buyers are full after their first lead: each is skipped by every lead that looks. */
const FULL_BUYERS = 8;
export const NEVER_REACHED = 1_000_000_000;
/** One list for all flows: a person is sold once, through whichever flow comes first. */
const LIST_NAME = 'people';

const DUPLICATES_STOP: FilterStep = {
  type: 'filter',
  reason: 'duplicate',
  rule_set: { op: 'and', rules: [{ lhv: 'suppressionlist.is_duplicate', op: 'is true' }] },
};

/** A flow whose cap is never reached, with full buyers and two that take everything. */
export function deployWideFlow(server: ServerProcess, recipientUrl: string): Promise<ChaosFlow> {
  const full = Array.from({ length: FULL_BUYERS }, () => ({ ...buyer(recipientUrl), caps: [cap(1)] }));
  const steps = [...full, buyer(recipientUrl), buyer(recipientUrl)];
  return deploy({ kind: 'wide', server, steps, maximum: NEVER_REACHED });
}

/** A flow with one buyer and room for `maximum` leads. */
export function deployCappedFlow(server: ServerProcess, recipientUrl: string, maximum: number): Promise<ChaosFlow> {
  return deploy({ kind: 'capped', server, steps: [buyer(recipientUrl)], maximum });
}

/**
 * A flow whose buyers fail by chance and are tried again: one that knows a delivery by its key, and one that does not.
 * Each has room for `maximum` leads, for which first deliveries and later attempts compete.
 */
export function deployFlakyFlow(server: ServerProcess, recipientUrl: string, maximum: number): Promise<ChaosFlow> {
  const flaky = (isKeyed: boolean): Buyer => ({
    ...buyer(recipientUrl, 'flaky'),
    caps: [cap(maximum)],
    retry_enabled: true,
    idempotent: isKeyed,
  });
  return deploy({ kind: 'flaky', server, steps: [flaky(false), flaky(true)], maximum: NEVER_REACHED });
}

/**
 * Most leads to the wide flow; some to the newest flows of the other kinds and to the ones before, which a kill has
 * interrupted.
 */
export function mixFlows(flows: readonly ChaosFlow[]): string[] {
  const pathsOf = (kind: ChaosFlow['kind']): string[] =>
    flows.filter((flow) => flow.kind === kind).map((flow) => flow.path);
  const wide = pathsOf('wide');
  return [...wide, ...wide, ...wide, ...pathsOf('capped').slice(-2), ...pathsOf('flaky').slice(-2)];
}

interface Buyer extends RecipientStep {
  id: string;
  caps: (Cap & { id: string })[] | null;
}

async function deploy(options: {
  kind: ChaosFlow['kind'];
  server: ServerProcess;
  steps: Buyer[];
  maximum: number;
}): Promise<ChaosFlow> {
  const { kind, server, steps, maximum } = options;
  const flowCap = cap(maximum);
  const id = await deployFlow(server, {
    ...flowWith(steps),
    steps: [DUPLICATES_STOP, ...steps],
    list_checks: { duplicate: { value: '{{lead.phone_1}}', list_name: LIST_NAME } },
    caps: [flowCap],
  });
  const flowLimit = { capId: flowCap.id, maximum, stepId: null, countedStepIds: steps.map((step) => step.id) };
  const stepLimits = steps.flatMap((step) =>
    (step.caps ?? []).map((own) => ({
      capId: own.id,
      maximum: own.maximum,
      stepId: step.id,
      countedStepIds: [step.id],
    })),
  );
  const retried = steps
    .filter((step) => step.retry_enabled === true)
    .map((step) => ({ stepId: step.id, isKeyed: step.idempotent === true }));
  return { kind, id, path: submitPath(id, SOURCE_ENTITY_ID), limits: [flowLimit, ...stepLimits], retried };
}

function buyer(recipientUrl: string, manner: 'deliver' | 'flaky' = 'deliver'): Buyer {
  const id = ids.next();
  const step = deliveryStep({ url: `${recipientUrl}/${manner}/{{lead.id}}/${id}/{{lead.phone_1}}` });
  return { ...step, id, caps: null };
}

function cap(maximum: number): Cap & { id: string } {
  return { ...dailyCap(maximum), id: ids.next() };
}
