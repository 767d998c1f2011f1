import type { Principal } from '../../access/principal.ts';
import { createToken, hashToken } from '../../access/users/token.ts';
import type { FlowRecord, FlowStore } from '../../flows/flow-store.ts';
import { parseFlowDocument } from '../../flows/parse-flow-document.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import type { Source } from '../../model/flow.ts';
import {
  type OpenedLink,
  POSTING_LINKS_MAX,
  type PostingLinkStore,
  type PostingSettings,
} from '../../posting/posting-link.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { findSource, readLiveDocument } from '../live-source.ts';
import type { RequestBrowser } from '../route.ts';
import { UNKNOWN_FLOW } from './flows.ts';

export interface PostingLinkDeps {
  postingLinks: PostingLinkStore;
  flows: Pick<FlowStore, 'find' | 'readRevision'>;
  ids: Pick<Ids, 'next'>;
  clock: Pick<Clock, 'now'>;
  /** Must be cryptographic. */
  randomBytes(count: number): Buffer;
}

interface SourceRequest {
  principal: Principal;
  params: { flow_id: string; source_id: string };
  browser: RequestBrowser;
}

interface LinkRequest extends SourceRequest {
  params: { flow_id: string; source_id: string; link_id: string };
}

/** What is left out is off, or nothing. */
type GivenSettings = Partial<PostingSettings>;

const UNKNOWN_SOURCE = apiError('not_found', 'The flow has no source with this id.');
const UNKNOWN_LINK = apiError('not_found', 'The source has no link with this id.');
const TOO_MANY = apiError(
  'conflict',
  `The source has ${POSTING_LINKS_MAX} links, and may have no more: revoke one that nobody needs.`,
);

/** `GET …/posting_links`: with their URLs, to be copied again. */
export async function listPostingLinks(
  deps: PostingLinkDeps,
  { principal, params, browser }: SourceRequest,
): Promise<ApiResult> {
  const { accountId } = principal;
  const flow = await deps.flows.find({ accountId, flowId: params.flow_id });
  if (!flow) return UNKNOWN_FLOW;
  const source = await findSourceOf(deps, { flow, named: params.source_id });
  const sourceId = source ? idOf(source) : params.source_id.toLowerCase();
  const links = await deps.postingLinks.list({ accountId, flowId: flow.id, sourceId });
  // A source that was taken out of the flow may have links that have to be revoked.
  if (!source && links.length === 0) return UNKNOWN_SOURCE;
  return answer(
    200,
    links.map((link) => describeLink(link, browser)),
  );
}

/** `POST …/posting_links` */
export async function createPostingLink(
  deps: PostingLinkDeps,
  { principal, params, body, browser }: SourceRequest & { body: GivenSettings },
): Promise<ApiResult> {
  const { accountId } = principal;
  const flow = await deps.flows.find({ accountId, flowId: params.flow_id });
  if (!flow) return UNKNOWN_FLOW;
  const source = await findSourceOf(deps, { flow, named: params.source_id });
  if (!source) return UNKNOWN_SOURCE;
  const token = createToken(deps.randomBytes);
  const key = { accountId, linkId: deps.ids.next(), flowId: flow.id, sourceId: idOf(source) };
  const made = { settings: settingsOf(body), token, tokenHash: hashToken(token), now: deps.clock.now() };
  const link = await deps.postingLinks.insert(key, made);
  return link ? answer(201, describeLink(link, browser)) : TOO_MANY;
}

/** `PUT …/posting_links/{link_id}`: its URL stays. */
export async function replacePostingLink(
  deps: PostingLinkDeps,
  { principal, params, body, browser }: LinkRequest & { body: GivenSettings },
): Promise<ApiResult> {
  const key = await keyOf(deps, { principal, params });
  if (!key) return UNKNOWN_FLOW;
  const replaced = await deps.postingLinks.replace(key, { settings: settingsOf(body), now: deps.clock.now() });
  return replaced ? answer(200, describeLink(replaced, browser)) : UNKNOWN_LINK;
}

/** `DELETE …/posting_links/{link_id}`: from then on its URL is 404. */
export async function revokePostingLink(
  deps: PostingLinkDeps,
  { principal, params, browser }: LinkRequest,
): Promise<ApiResult> {
  const key = await keyOf(deps, { principal, params });
  if (!key) return UNKNOWN_FLOW;
  const link = await deps.postingLinks.revoke(key);
  return link ? answer(200, describeLink({ link, token: null }, browser)) : UNKNOWN_LINK;
}

async function keyOf(deps: PostingLinkDeps, { principal, params }: Pick<LinkRequest, 'principal' | 'params'>) {
  const { accountId } = principal;
  const flow = await deps.flows.find({ accountId, flowId: params.flow_id });
  if (!flow) return null;
  const sourceId = await sourceIdOf(deps, { flow, named: params.source_id });
  return { accountId, linkId: params.link_id, flowId: flow.id, sourceId };
}

/** Also of a source that was taken out of the flow, so that its links can be revoked. */
async function sourceIdOf(deps: PostingLinkDeps, place: { flow: FlowRecord; named: string }): Promise<string> {
  const source = await findSourceOf(deps, place);
  return source ? idOf(source) : place.named.toLowerCase();
}

/** In what runs, else in what is saved. */
async function findSourceOf(
  deps: PostingLinkDeps,
  { flow, named }: { flow: FlowRecord; named: string },
): Promise<Source | undefined> {
  const saved = parseFlowDocument(flow.document);
  const live = findSource(await readLiveDocument(deps, flow), named);
  return live ?? (saved.ok ? findSource(saved.value.sound, named) : undefined);
}

/** As the submit URL has it. */
function idOf({ id, entity }: Source): string {
  return entity.id ?? id ?? '';
}

function settingsOf(given: GivenSettings): PostingSettings {
  const contact = given.contact?.trim() ?? '';
  return {
    contact: contact === '' ? null : contact,
    shows_caps: given.shows_caps ?? false,
    shows_prices: given.shows_prices ?? false,
    hides_rules: given.hides_rules ?? false,
    allows_live_tests: given.allows_live_tests ?? false,
  };
}

/** `url` is null once the link is revoked, or when the key of the server no longer opens its token. */
function describeLink({ link, token }: OpenedLink, { origin }: RequestBrowser): object {
  return { ...link, url: token === null ? null : `${origin}/submission/${token}` };
}
