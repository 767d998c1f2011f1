import type pg from 'pg';
import type { KeyAuthentication } from '../access/authenticate-api-key.ts';
import type { KeyRequestLog } from '../access/key-request-log.ts';
import type { CredentialKeeper } from '../credentials/credential-keeper.ts';
import type { CredentialVault } from '../credentials/credential-store.ts';
import type { FindRevision } from '../events/revisions.ts';
import type { FlowCompiler } from '../flow-compiler/flow-compiler.ts';
import type { ReadSurroundings } from '../flows/flow-surroundings.ts';
import type { LiveFlows } from '../flows/live-flows.ts';
import type { LiveRouters } from '../flows/live-routers.ts';
import type { BodyBudget } from '../http/ingest/body-budget.ts';
import type { ReadingTurns } from '../http/reading-turns.ts';
import type { Admission } from '../intake/admission.ts';
import type { Deliver, ModuleRegistry } from '../integrations/contract.ts';
import type { AllowedNetwork } from '../integrations/forbidden-address.ts';
import type { HttpClient } from '../integrations/http-client.ts';
import type { PackageCatalogue } from '../integrations/package-catalogue.ts';
import type { RecipientHealthStore } from '../integrations/recipient-limits/recipient-health.ts';
import type { RecipientLimits } from '../integrations/recipient-limits/recipient-limits.ts';
import type { JobStore } from '../jobs/job.ts';
import type { TableKeeper } from '../jobs/table-keeper.ts';
import type { RunSliced } from '../lib/slices.ts';
import type { Slots } from '../lib/slots.ts';
import type { SendInstallationMail } from '../mail/installation-mail.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Tracing } from '../observe/tracing.ts';
import type { ChannelDirectory } from '../outbox/outbox-store.ts';
import type { LeadRun } from '../pipeline/lead-run.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import type { RetryRunner } from '../retries/retry-runner.ts';
import type { RetryStore } from '../retries/retry-store.ts';
import type { DatabaseClock } from '../store/database-clock.ts';
import type { Lease } from '../store/lease.ts';
import type { ConfigListener } from '../store/postgres/config-listener.ts';
import type { DigestKeeper } from '../store/postgres/digest-keeper.ts';
import type { NodeStore } from '../store/postgres/nodes.ts';
import type { RevisionDocuments } from '../store/postgres/revision-documents.ts';
import type { PostgresRunStore } from '../store/postgres/run-store.ts';
import type { RotatingBox } from '../store/secret-box.ts';
import type { Readiness } from './readiness.ts';

/** Everything a server process owns, from the connections up to the phases' own tools; built by compose.ts. */
export interface ServerParts {
  /** For the API and for work that may wait; see pools.ts. */
  pool: pg.Pool;
  /** For reading routes only; null: they ask the database itself. */
  standby: pg.Pool | null;
  nodeId: string;
  nodes: NodeStore;
  clock: DatabaseClock;
  lease: Lease;
  runStore: PostgresRunStore;
  secretBox: RotatingBox;
  credentialVault: CredentialVault;
  /** Of the accounts whose flows run here. */
  credentials: CredentialKeeper;
  httpClient: HttpClient;
  mailer: Mailer;
  /** Networks that deliveries may reach although they are not public. */
  allowedNetworks: readonly AllowedNetwork[];
  /** The HTTP client’s, and for mail the mailer’s; without the limits of recipients. */
  deliver: Deliver;
  /** null: the installation has no mail server. */
  installationMail: SendInstallationMail | null;
  /** Where people reach this installation, as far as it knows. */
  origin: string;
  urlProblem(url: string): string | undefined;
  readSurroundings: ReadSurroundings;
  recipientLimits: RecipientLimits;
  recipientHealth: RecipientHealthStore;
  retryStore: RetryStore;
  retries: RetryRunner;
  findRevision: FindRevision;
  modules: ModuleRegistry;
  catalogue: PackageCatalogue;
  /** Compiling and looking for warnings, in turns with everything else. */
  runSliced: RunSliced;
  /** Of revisions, read once; shared by the API and by what follows deploys. */
  documents: RevisionDocuments;
  compiler: FlowCompiler;
  liveFlows: LiveFlows;
  liveRouters: LiveRouters;
  /** Which flows copy their events. */
  channels: ChannelDirectory;
  digests: DigestKeeper;
  listener: ConfigListener;
  keys: KeyAuthentication;
  /** What keys ask for, until it is written. */
  keyRequests: KeyRequestLog;
  phases: PhaseDeps;
  /** Leads under way, and the bound on them. */
  running: Slots<LeadRun>;
  admission: Admission;
  bodies: BodyBudget;
  readingTurns: ReadingTurns;
  jobs: JobStore;
  tables: TableKeeper;
  metrics: Metrics;
  /** null: no collector is set. */
  tracing: Tracing | null;
  /** On from the moment the server starts to stop. */
  draining: { isOn: boolean };
  /** On from the start until made-up leads have made the code fast. */
  warming: { isOn: boolean };
  /** The ids of modules of installed packages: their effects are unknown. */
  foreignModules: ReadonlySet<string>;
  checkReadiness(): Promise<Readiness>;
  close(): Promise<void>;
}
