import { hashToken } from '../../access/users/token.ts';
import type { CompiledFlow } from '../../flow-compiler/compiled-flow.ts';
import type { FlowCompiler, FlowSurroundings } from '../../flow-compiler/flow-compiler.ts';
import type { FlowRecord, FlowStore } from '../../flows/flow-store.ts';
import { loadSurroundings, type SurroundingsDeps, withholdKeys } from '../../flows/flow-surroundings.ts';
import { parseFlowDocument } from '../../flows/parse-flow-document.ts';
import type { ModuleRegistry } from '../../integrations/contract.ts';
import type { Clock } from '../../lib/clock.ts';
import type { FlowDocument } from '../../model/flow.ts';
import type { FlowLookup } from '../../pipeline/phase.ts';
import { buildPostingPage, type PostedRevision, type PostingFacts } from '../../posting/build-posting-page.ts';
import type { PostingLimits } from '../../posting/posting-limits.ts';
import type { PostingLink, PostingLinkStore } from '../../posting/posting-link.ts';
import type { PostingPage } from '../../posting/posting-page.ts';
import { SUBMIT_BODY_BYTES_MAX, TOO_LARGE } from '../ingest/read-submission.ts';
import { NOT_ACCEPTED_NOW, writeRefusal } from '../ingest/refusal-answers.ts';
import { findInboundModule, findSource, readLiveDocument } from '../live-source.ts';

export interface PostingDeps extends SurroundingsDeps {
  postingLinks: PostingLinkStore;
  postingLimits: PostingLimits;
  flows: Pick<FlowStore, 'find' | 'readRevision' | 'listRevisions'>;
  modules: ModuleRegistry;
  compileFlow: FlowCompiler['compile'];
  findFlow(flowId: string): FlowLookup;
  /** How long one recipient may take, where its step does not say. */
  recipientTimeoutMs: number;
  clock: Clock;
}

/** What a link opens: a source of a flow as it is now. */
export interface FoundPosting {
  accountId: string;
  link: PostingLink;
  flow: FlowRecord;
  revision: PostedRevision;
  /** Do leads run through it? Else it is saved and was not deployed yet. */
  isLive: boolean;
}

/** null: the token opens nothing, or the flow or the source is gone. */
export async function findPosting(deps: PostingDeps, token: string): Promise<FoundPosting | null> {
  const found = await deps.postingLinks.findByHash(hashToken(token));
  if (!found) return null;
  const { accountId, link } = found;
  const flow = await deps.flows.find({ accountId, flowId: link.flow_id });
  if (!flow) return null;
  const [live, saved] = [await readLiveDocument(deps, flow), parseFlowDocument(flow.document)];
  const at = flow.updatedAt;
  const running = flow.deployedRevision === null ? null : revisionOf(deps, { document: live, at, link });
  const revision = running ?? (saved.ok ? revisionOf(deps, { document: saved.value.sound, at, link }) : null);
  return revision && { accountId, link, flow, revision, isLive: running !== null };
}

function revisionOf(
  deps: Pick<PostingDeps, 'modules'>,
  { document, at, link }: { document: FlowDocument; at: number; link: PostingLink },
): PostedRevision | null {
  const source = findSource(document, link.source_id);
  return source ? { at, document, source, module: findInboundModule(deps, source) } : null;
}

/** The page of a link, as it is asked for at an origin. */
export async function readPostingPage(
  deps: PostingDeps,
  { flow, revision, accountId, link, isLive }: FoundPosting,
  { origin, token }: { origin: string; token: string },
): Promise<PostingPage> {
  const { account, customFields } = await loadSurroundings(deps, accountId);
  const facts: PostingFacts = {
    flow: { id: flow.id, isDeployed: isLive, updatedAt: flow.updatedAt },
    ...(isLive ? await withEarlier(deps, { flow, revision, link }) : { revision, earlier: [] }),
    ...{ account, customFields, settings: link, now: deps.clock.now(), origin },
    pagePath: `/submission/${token}`,
    refusals: { too_large: writeRefusal(TOO_LARGE), unavailable: writeRefusal(NOT_ACCEPTED_NOW) },
    recipientTimeoutMs: deps.recipientTimeoutMs,
    bodyBytesMax: SUBMIT_BODY_BYTES_MAX,
  };
  return buildPostingPage(facts);
}

/** Revisions of the past that "what changed" looks at, and saved ones among which they are looked for. */
const EARLIER_MAX = 5;
const SAVED_MAX = 50;

async function withEarlier(
  deps: PostingDeps,
  { flow, revision, link }: Pick<FoundPosting, 'flow' | 'revision' | 'link'>,
): Promise<Pick<PostingFacts, 'revision' | 'earlier'>> {
  const key = { accountId: flow.accountId, flowId: flow.id };
  const saved = await deps.flows.listRevisions({ ...key, before: null, limit: SAVED_MAX });
  const deployed = saved
    .flatMap(({ revision: number, deployedAt: at }) => (at === null ? [] : [{ number, at }]))
    .toSorted((one, other) => other.at - one.at);
  const now = deployed.find(({ number }) => number === flow.deployedRevision);
  const before = deployed.filter(({ number }) => number !== flow.deployedRevision).slice(0, EARLIER_MAX);
  const documents = await Promise.all(
    before.map(async ({ number, at }) => ({
      at,
      document: await deps.flows.readRevision({ ...key, revision: number }),
    })),
  );
  const earlier = documents.flatMap(({ at, document }) => {
    const parsed = parseFlowDocument(document);
    // An old document may be of a form that is not read any more.
    return parsed.ok ? (revisionOf(deps, { document: parsed.value.sound, at, link }) ?? []) : [];
  });
  return { revision: { ...revision, at: now?.at ?? revision.at }, earlier };
}

/**
 * The flow to run dry: the one that leads run through, or the saved one of a flow that was never deployed. null: this
 * server cannot confirm now what runs.
 */
export async function findFlowToTry(
  deps: PostingDeps,
  { flow, revision, accountId, isLive }: FoundPosting,
): Promise<CompiledFlow | null> {
  if (isLive) {
    const live = deps.findFlow(flow.id);
    return live.kind === 'found' ? live.flow : null;
  }
  const surroundings: FlowSurroundings = withholdKeys(await loadSurroundings(deps, accountId));
  return deps.compileFlow({ flowId: flow.id, revision: flow.revision, document: revision.document, surroundings });
}
