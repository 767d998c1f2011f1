import type { Principal } from '../access/principal.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { DestinationStore } from '../destinations/destination.ts';
import type { EventStore } from '../events/event-store.ts';
import type { FindRevision } from '../events/revisions.ts';
import type { FieldStore } from '../fields/field-store.ts';
import type { FindProblems, FlowCompiler } from '../flow-compiler/flow-compiler.ts';
import type { FieldUsageStore } from '../flows/field-usage-store.ts';
import type { FlowStore } from '../flows/flow-store.ts';
import type { FindWarnings } from '../flows/flow-warnings.ts';
import type { ModuleRegistry } from '../integrations/contract.ts';
import type { PackageCatalogue } from '../integrations/package-catalogue.ts';
import type { RecipientHealthStore } from '../integrations/recipient-limits/recipient-health.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { RunSliced } from '../lib/slices.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import type { TestStepDeps } from '../pipeline/test-step.ts';
import type { ResubmissionStore } from '../resubmission/resubmission.ts';
import type { RunSubmission } from '../resubmission/resubmit-leads.ts';
import type { RetryStore } from '../retries/retry-store.ts';
import type { ApiError } from './errors.ts';

/** What the handlers of the API are given; each takes of it what it needs. */
export interface ApiDeps {
  flows: FlowStore;
  fields: FieldStore;
  accounts: AccountStore;
  fieldUsage: FieldUsageStore;
  events: EventStore;
  retries: RetryStore;
  /** Flows as deployed. */
  findFlow: PhaseDeps['findFlow'];
  resubmissions: ResubmissionStore;
  runSubmission: RunSubmission;
  startTimer: PhaseDeps['startTimer'];
  recipientHealth: Pick<RecipientHealthStore, 'list' | 'askToClose'>;
  destinations: DestinationStore;
  /** Why a URL cannot be delivered to; undefined: it can. */
  urlProblem(url: string): string | undefined;
  randomBytes(count: number): Buffer;
  /** null: `test_step` is switched off (decision 36). */
  testStep: Pick<TestStepDeps, 'deliver' | 'timeoutMs' | 'startTimer'> | null;
  findRevision: FindRevision;
  modules: ModuleRegistry;
  catalogue: PackageCatalogue;
  findProblems: FindProblems;
  compileFlow: FlowCompiler['compile'];
  findWarnings: FindWarnings;
  runSliced: RunSliced;
  /** Is told of what should not happen while a lead is evaluated. */
  report: PhaseDeps['report'];
  clock: Clock;
  ids: Ids;
  /** Why this server takes no new leads now, a sentence; undefined: it does. */
  whyNoLeads(): string | undefined;
  /** Of this program, as `GET /status` tells it. */
  version: string;
  processId: number;
}

/** A request as a handler sees it: no HTTP library, no headers. */
export interface ApiRequest {
  params: Readonly<Record<string, string>>;
  query: Query;
  /** Parsed JSON; undefined: none was sent. */
  body: unknown;
  /** The revision of `If-Match`, on routes that have revisions; empty: none was named (decision 50). */
  expected: readonly number[];
}

export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface ApiAnswer {
  kind: 'answer';
  status: 200 | 201 | 202;
  body: unknown;
  /** What is answered instead of the body to whoever accepts text/plain rather than JSON; absent: nothing is. */
  text?: string;
  /** What is answered in any case instead of JSON; absent: JSON is. */
  plain?: { type: string; text: string };
  headers?: Readonly<Record<string, string>>;
}

/** An answer without a body, where the documents want one. */
export interface EmptyAnswer {
  kind: 'empty';
  status: 404;
}

export type ApiResult = ApiAnswer | EmptyAnswer | ApiError;

export function answer(status: ApiAnswer['status'], body: unknown): ApiAnswer {
  return { kind: 'answer', status, body };
}

/** A handler behind an API key: `principal` is who asks. */
export type Handler = (deps: ApiDeps, request: ApiRequest & { principal: Principal }) => Promise<ApiResult>;

/** A handler that anybody may ask. */
export type PublicHandler = (deps: ApiDeps, request: ApiRequest) => Promise<ApiResult>;
