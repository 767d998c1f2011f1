import { createHash } from 'node:crypto';
import type { InboundRequest, ModuleRegistry } from '../../integrations/contract.ts';
import { createIds } from '../../lib/ids.ts';
import type { NamedBatch } from '../../model/batch.ts';
import type { CredentialName } from '../../model/credential.ts';
import type { FlowDocument } from '../../model/flow.ts';
import type { LivePricingService } from '../../model/pricing.ts';
import { type LeadRun, type Submission, startRun } from '../lead-run.ts';
import type { Fault, PhaseDeps } from '../phase.ts';
import { type RunEnd, runLead } from '../run-lead.ts';
import type { SettleRequest } from '../run-store.ts';
import {
  createScriptedDeliver,
  createScriptedStore,
  type RecipientScript,
  type ScriptedDeliver,
  type ScriptedStore,
  type StoreScript,
} from './scripted-ports.ts';
import { compileTestFlow, FLOW_ID, SOURCE_ID, testFlow } from './test-flow.ts';

/** Monday, 3 March 2025, 12:00 UTC: 07:00 in the account's zone, New York. */
export const TEST_NOW = Date.UTC(2025, 2, 3, 12);

export interface TestLead {
  flow?: FlowDocument;
  /** The submitted values, sent as JSON. */
  values?: unknown;
  request?: Partial<InboundRequest>;
  submission?: Partial<Submission>;
  store?: StoreScript;
  /** Absent: every delivery is bought for 7.5 dollars. */
  recipient?: RecipientScript;
  deps?: Partial<PhaseDeps>;
  modules?: ModuleRegistry;
  pricingServices?: readonly LivePricingService[];
  credentials?: readonly CredentialName[];
  batches?: readonly NamedBatch[];
}

/** A lead's whole way through the phases, and what the ports saw. */
export interface TestEnd {
  run: LeadRun;
  end: RunEnd;
  /** null: the run ended without one. */
  status: number | null;
  /** The JSON of the answer. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
  store: ScriptedStore;
  sent: ScriptedDeliver['sent'];
  faults: Fault[];
  settled: SettleRequest | undefined;
  /** The events as settled, their facts parsed. */
  events: Record<string, unknown>[];
  /** The stored document, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  document: any;
}

/** What the phases of a test lead are handed, and what is seen of it. */
export function openTestPorts(lead: TestLead = {}): Pick<TestEnd, 'store' | 'sent' | 'faults'> & { deps: PhaseDeps } {
  const { pricingServices, credentials, batches } = lead;
  const { flow } = compileTestFlow(lead.flow ?? testFlow(), lead.modules, [], pricingServices, credentials, batches);
  const store = createScriptedStore(lead.store ?? {});
  const { deliver, sent } = createScriptedDeliver(lead.recipient ?? buys, () => TEST_NOW);
  const faults: Fault[] = [];
  const deps: PhaseDeps = {
    clock: { now: () => TEST_NOW, monotonic: () => 0 },
    ids: createIds({ now: () => TEST_NOW, random: () => 0 }),
    random: () => 0.41,
    findFlow: (id) => (id === FLOW_ID ? { kind: 'found', flow } : { kind: 'missing' }),
    maySubmit: async () => false,
    store,
    deliver,
    isLeaseHeld: () => true,
    hashListValue: (value) => createHash('sha256').update(value).digest(),
    hashSearchValue: (value) => createHash('sha256').update(value).digest(),
    host: 'test',
    version: '0.0.0',
    timeoutMs: 30_000,
    settleWaitMs: 10_000,
    startTimer: () => () => undefined,
    report: (fault) => faults.push(fault),
    ...lead.deps,
  };
  return { deps, store, sent, faults };
}

export async function runTestLead(lead: TestLead = {}): Promise<TestEnd> {
  const { deps, store, sent, faults } = openTestPorts(lead);
  const run = startRun(submissionOf(lead));
  const end = await runLead(run, deps);
  const answer = end.kind === 'answered' ? end.answer : null;
  const settled = store.settlements.at(-1);
  return {
    run,
    end,
    status: answer?.status ?? null,
    body: answer?.headers['Content-Type']?.startsWith('application/json') ? JSON.parse(answer.body) : undefined,
    store,
    sent,
    faults,
    settled,
    events: (settled?.events ?? []).map((row) => ({ ...row, facts: JSON.parse(row.facts) })),
    document: settled && !settled.ping && JSON.parse(settled.document),
  };
}

const buys: RecipientScript = () => ({ body: { outcome: 'success', price: 7.5 } });

export function submissionOf({ values = {}, request, submission }: TestLead): Submission {
  return {
    flowId: FLOW_ID,
    sourceRef: SOURCE_ID,
    request: {
      method: 'POST',
      uri: `/flows/${FLOW_ID}/sources/${SOURCE_ID}/submit`,
      version: '1.1',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'Content-Length': '2' },
      body: JSON.stringify(values),
      timestamp: TEST_NOW,
      ...request,
    },
    ip: '192.0.2.1',
    authorization: undefined,
    arrivedAt: 0,
    ...submission,
  };
}
