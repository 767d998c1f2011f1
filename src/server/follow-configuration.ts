import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { AccountStore } from '../accounts/account-store.ts';
import type { BatchStore } from '../batches/batch.ts';
import type { CredentialKeeper } from '../credentials/credential-keeper.ts';
import type { CredentialStore } from '../credentials/credential-store.ts';
import type { DestinationStore } from '../destinations/destination.ts';
import type { FindRevision } from '../events/revisions.ts';
import { listNamedBatches } from '../flow-compiler/compile-batches.ts';
import { listNamedCredentials } from '../flow-compiler/compile-credentials.ts';
import { listNamedPricingServices } from '../flow-compiler/compile-pricing-services.ts';
import { type FlowCompiler, type FlowSurroundings, listNamedDestinations } from '../flow-compiler/flow-compiler.ts';
import type { FlowStore } from '../flows/flow-store.ts';
import { loadSurroundings, type ReadSurroundings, withholdKeys } from '../flows/flow-surroundings.ts';
import { createLiveFlows, type LiveFlows } from '../flows/live-flows.ts';
import { parseInSlices } from '../flows/parse-flow-document.ts';
import type { RouterStore } from '../flows/router-store.ts';
import { assert } from '../lib/assert.ts';
import { systemClock } from '../lib/clock.ts';
import type { RunSliced } from '../lib/slices.ts';
import { listAllValues } from '../lists/list-check-values.ts';
import { listUrlName } from '../lists/list-url-name.ts';
import type { FlowDocument } from '../model/flow.ts';
import type { Log } from '../observe/log.ts';
import type { ChannelDirectory } from '../outbox/outbox-store.ts';
import type { PricingServiceStore } from '../pricing/pricing-service.ts';
import { createConfigStore, type DeployedFlow } from '../store/postgres/config.ts';
import { createFlowStore } from '../store/postgres/flows.ts';
import type { RevisionDocuments } from '../store/postgres/revision-documents.ts';
import type { WebhookStore } from '../webhooks/webhook.ts';
import { kindOf } from './report-fault.ts';

/** The deployed flows of the database, compiled, and followed as they change. */
export function followDeployedFlows(deps: {
  pool: pg.Pool;
  documents: RevisionDocuments;
  readSurroundings: ReadSurroundings;
  compiler: FlowCompiler;
  runSliced: RunSliced;
  credentials: Pick<CredentialKeeper, 'follow'>;
  /** Reads the routers of an account. */
  followRouters(accountId: string): Promise<void>;
  channels: Pick<ChannelDirectory, 'follow'>;
  log: Log;
}): LiveFlows {
  const { compiler, runSliced, credentials, channels, log } = deps;
  const configs = createConfigStore(deps);
  return createLiveFlows<DeployedFlow>({
    clock: systemClock,
    versions: configs.configVersions,
    load: async (accountId) => {
      // Before the flows: what a deploy names is here when it runs.
      await Promise.all([credentials.follow(accountId), channels.follow(accountId)]);
      await deps.followRouters(accountId);
      return configs.loadDeployedFlows(accountId);
    },
    read: async ({ flowId, revision, config }) => {
      const document = await configs.readDocument({ accountId: config.account.id, flowId, revision });
      const parsed = await runSliced(parseInSlices(document));
      return parsed.ok ? parsed.value.sound : null;
    },
    compile: ({ config, ...deployed }, document) => compiler.compile({ ...deployed, document, surroundings: config }),
    fingerprint: computeFingerprint,
    onBroken: (flowId, error) =>
      log.error({ flow_id: flowId, cause: kindOf(error) }, 'a deployed flow cannot run here; its leads get 503'),
    onChange: (accountId, { flows, compiled }) =>
      log.info({ account_id: accountId, flows, compiled }, 'the configuration of an account has changed'),
  });
}

/** What a compiled flow is made of: its revision, and what it names beside itself. */
function computeFingerprint({ revision, capGenerations, config }: DeployedFlow, document: FlowDocument): string {
  const { lists } = config;
  const named = listAllValues(document).map(({ listName }) => listUrlName(listName ?? ''));
  return JSON.stringify([
    revision,
    capGenerations,
    accountPrint(config),
    named.map((name) => lists.get(name) ?? null),
    listNamedDestinations(document, config),
    listNamedPricingServices(document, config.pricingServices),
    listNamedCredentials(document, config.credentials),
    listNamedBatches(document, config.batches),
  ]);
}

/** Every rule and template may name any field, so the fields of the account count as one. */
function accountPrint(config: FlowSurroundings): string {
  const known = accountPrints.get(config);
  if (known !== undefined) return known;
  const print = createHash('sha256')
    .update(JSON.stringify([config.account, config.customFields, config.deletedFields]))
    .digest('base64');
  accountPrints.set(config, print);
  return print;
}

/** All flows of one look share what it found of their account. */
const accountPrints = new WeakMap<FlowSurroundings, string>();

/** Flows as they were when leads ran: for what they say, not to run them. */
export function findPastFlows(
  pool: pg.Pool,
  deps: {
    documents: RevisionDocuments;
    readSurroundings: ReadSurroundings;
    compiler: FlowCompiler;
    runSliced: RunSliced;
  },
): FindRevision {
  const { documents, compiler, runSliced } = deps;
  const flows = createFlowStore({ pool, documents });
  return async ({ accountId, flowId, revision }) => {
    const [stored, surroundings] = await Promise.all([
      flows.readRevision({ accountId, flowId, revision }),
      loadSurroundings(deps, accountId),
    ]);
    const parsed = await runSliced(parseInSlices(stored));
    assert(parsed.ok, `revision ${revision} of flow ${flowId} is kept`);
    const document = parsed.value.sound;
    return compiler.compile({ flowId, revision, document, surroundings: withholdKeys(surroundings) });
  };
}

/** A caller that deploys here submits here next: this node knows the change before the answer goes. */
export function refreshAfterDeploy(flows: FlowStore, liveFlows: LiveFlows): FlowStore {
  return {
    ...flows,
    deploy: async (request) => {
      const deployed = await flows.deploy(request);
      await liveFlows.refresh(request.flowId);
      return deployed;
    },
    remove: async (request) => {
      const removed = await flows.remove(request);
      await liveFlows.refresh(request.flowId);
      return removed;
    },
  };
}

/** The same for a caller that changes a destination. */
export function refreshAfterChange(destinations: DestinationStore, liveFlows: LiveFlows): DestinationStore {
  const thenRefresh =
    <Request extends unknown[], Result>(change: (...request: Request) => Promise<Result>) =>
    async (...request: Request): Promise<Result> => {
      const changed = await change(...request);
      await liveFlows.refresh();
      return changed;
    };
  return {
    ...destinations,
    replace: thenRefresh(destinations.replace),
    writeSecret: thenRefresh(destinations.writeSecret),
    remove: thenRefresh(destinations.remove),
  };
}

/** The same for a caller that changes a router. */
export function refreshAfterRouterChange(routers: RouterStore, liveFlows: LiveFlows): RouterStore {
  return {
    ...routers,
    insert: async (key, made) => {
      const inserted = await routers.insert(key, made);
      await liveFlows.refresh();
      return inserted;
    },
    replace: async (key, made) => {
      const replaced = await routers.replace(key, made);
      await liveFlows.refresh();
      return replaced;
    },
  };
}

/** The same for a caller that changes a pricing service. */
export function refreshAfterPricingChange(services: PricingServiceStore, liveFlows: LiveFlows): PricingServiceStore {
  return {
    ...services,
    replace: async (key, made) => {
      const replaced = await services.replace(key, made);
      await liveFlows.refresh();
      return replaced;
    },
    writeSecret: async (key, made) => {
      const written = await services.writeSecret(key, made);
      await liveFlows.refresh();
      return written;
    },
  };
}

/** The same for a caller that makes or deletes a batch, which a flow that names it needs. */
export function refreshAfterBatchChange(batches: BatchStore, liveFlows: LiveFlows): BatchStore {
  return {
    ...batches,
    insert: async (key, made) => {
      const inserted = await batches.insert(key, made);
      await liveFlows.refresh();
      return inserted;
    },
    remove: async (key, made) => {
      const removed = await batches.remove(key, made);
      await liveFlows.refresh();
      return removed;
    },
  };
}

/** The same for a caller that changes a credential. */
export function refreshAfterCredentialChange(credentials: CredentialStore, liveFlows: LiveFlows): CredentialStore {
  return {
    ...credentials,
    replace: async (key, made) => {
      const replaced = await credentials.replace(key, made);
      await liveFlows.refresh();
      return replaced;
    },
  };
}

/** The same for a caller that changes the account. */
export function refreshAfterUpdate(accounts: AccountStore, liveFlows: LiveFlows): AccountStore {
  return {
    ...accounts,
    update: async (account) => {
      await accounts.update(account);
      await liveFlows.refresh();
    },
  };
}

/** The same for a caller that changes a webhook: the next lead here is copied to it. */
export function refreshAfterWebhookChange(webhooks: WebhookStore, liveFlows: LiveFlows): WebhookStore {
  return {
    ...webhooks,
    insert: async (key, made) => {
      const inserted = await webhooks.insert(key, made);
      await liveFlows.refresh();
      return inserted;
    },
    replace: async (key, made) => {
      const replaced = await webhooks.replace(key, made);
      await liveFlows.refresh();
      return replaced;
    },
  };
}
