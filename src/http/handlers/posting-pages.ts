import { writeCsvTemplate } from '../../posting/downloads/write-csv-template.ts';
import { writeMarkdown } from '../../posting/downloads/write-markdown.ts';
import { writePostingOpenApi } from '../../posting/downloads/write-openapi.ts';
import { writePostman } from '../../posting/downloads/write-postman.ts';
import type { PostingPage } from '../../posting/posting-page.ts';
import { type ApiAnswer, type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { findPosting, readPostingPage } from '../posting/find-posting.ts';
import { type GivenTry, type TriedPosting, type TryDeps, tryPosting } from '../posting/try-posting.ts';
import type { RequestBrowser } from '../route.ts';
import { tooManyRequests } from '../too-many-requests.ts';

export type PostingPageDeps = TryDeps;

export interface PostingRequest {
  params: { token: string };
  browser: RequestBrowser;
}

/** What a URL gets where nothing is: that there was a link is nobody's business. */
export const NO_POSTING = apiError('not_found', 'There is nothing at this URL.');

/** Neither proxies nor pages that are opened from here learn of the link, and no search engine lists it. */
export const POSTING_HEADERS = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex, nofollow',
} as const;

/** `GET /submission/{token}.json`: what the page has. */
export async function readPosting(deps: PostingPageDeps, request: PostingRequest): Promise<ApiResult> {
  return withPage(deps, request, (page) => answer(200, page));
}

/** `GET /submission/{token}.md`: the page as Markdown. */
export async function readPostingMarkdown(deps: PostingPageDeps, request: PostingRequest): Promise<ApiResult> {
  return withPage(deps, request, (page) => file(writeMarkdown(page), { type: 'text/markdown; charset=utf-8' }));
}

/** `GET /submission/{token}/openapi.json`: the submit URL alone. */
export async function readPostingOpenApi(deps: PostingPageDeps, request: PostingRequest): Promise<ApiResult> {
  return withPage(deps, request, (page) => answer(200, writePostingOpenApi(page)));
}

/** `GET /submission/{token}/postman.json` */
export async function readPostingPostman(deps: PostingPageDeps, request: PostingRequest): Promise<ApiResult> {
  return withPage(deps, request, (page) => answer(200, writePostman(page)));
}

/** `GET /submission/{token}/template.csv` */
export async function readPostingTemplate(deps: PostingPageDeps, request: PostingRequest): Promise<ApiResult> {
  return withPage(deps, request, (page) =>
    file(writeCsvTemplate(page), { type: 'text/csv; charset=utf-8', name: 'leads.csv' }),
  );
}

function file(text: string, { type, name }: { type: string; name?: string }): ApiAnswer {
  const headers = name === undefined ? {} : { 'Content-Disposition': `attachment; filename="${name}"` };
  return { kind: 'answer', status: 200, body: undefined, plain: { type, text }, headers };
}

/** Reads the page of a link within the limits of strangers, and makes an answer of it. */
export async function withPage(
  deps: PostingPageDeps,
  { params, browser }: PostingRequest,
  write: (page: PostingPage) => ApiAnswer | Promise<ApiAnswer>,
): Promise<ApiResult> {
  const waitMs = deps.postingLimits.takePage(browser.ip);
  if (waitMs > 0) return tooManyRequests(REQUESTS, waitMs);
  const built = await deps.postingLimits.build(async (): Promise<ApiResult> => {
    const found = await findPosting(deps, params.token);
    if (!found) return NO_POSTING;
    return write(await readPostingPage(deps, found, { origin: browser.origin, token: params.token }));
  });
  if (built === null) return BUSY;
  return built.kind === 'answer' ? { ...built, headers: { ...POSTING_HEADERS, ...built.headers } } : built;
}

/** The body of a dry run. */
export interface TryBody {
  format?: GivenTry['format'];
  accept?: GivenTry['accept'];
  values: Record<string, string>;
}

/** `POST /submission/{token}/try`: what would become of the values. Sends, counts and stores nothing. */
export async function tryPostingLink(
  deps: PostingPageDeps,
  { params, browser, body }: PostingRequest & { body: TryBody },
): Promise<ApiResult> {
  const tried = await runTry(
    deps,
    { params, browser },
    {
      format: body.format ?? 'json',
      accept: body.accept ?? 'json',
      values: Object.entries(body.values).map(([name, value]) => ({ name, value })),
    },
  );
  return tried.kind === 'tried' ? { ...answer(200, tried.tried), headers: POSTING_HEADERS } : tried;
}

/** The same for every form in which it is asked. */
export async function runTry(
  deps: PostingPageDeps,
  { params, browser }: PostingRequest,
  given: GivenTry,
): Promise<{ kind: 'tried'; tried: TriedPosting } | ApiError> {
  const { postingLimits: limits } = deps;
  const waitMs = limits.takeTry(browser.ip);
  if (waitMs > 0) return tooManyRequests(REQUESTS, waitMs);
  const run = await limits.build(async () => {
    const found = await findPosting(deps, params.token);
    if (!found) return NO_POSTING;
    const linkWaitMs = limits.takeTryOfLink(found.link.id);
    if (linkWaitMs > 0) return tooManyRequests(REQUESTS, linkWaitMs);
    const tried = await tryPosting(deps, found, { given, origin: browser.origin });
    return tried.ok ? { kind: 'tried' as const, tried: tried.value } : tried.error;
  });
  return run ?? BUSY;
}

const BUSY = apiError('unavailable', 'Too many pages are being read right now; try again in a moment.');
const REQUESTS = 'requests from your address or by this link';
