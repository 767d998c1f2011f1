import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { escapeHtml } from '../../lib/escape-html.ts';
import type { PostingPage } from '../../posting/posting-page.ts';
import type { ApiResult } from '../api.ts';
import { apiError, sendError } from '../errors.ts';
import { POSTING_HEADERS, type PostingPageDeps, withPage } from '../handlers/posting-pages.ts';
import { readRequestOrigin } from '../request-origin.ts';
import { readSenderAddress } from '../sender-address.ts';

export interface PostingPageRegistration {
  api: PostingPageDeps;
  /** The public URL; null: by what a request names. */
  publicOrigin: string | null;
}

const ALLOWED = 'GET, HEAD';
const REFUSED = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const PATH = '/submission/:token';

/** The posting page for people. Beside the table of routes: it is no JSON, and posts to it are told the right URL. */
export function registerPostingPages(app: FastifyInstance, deps: PostingPageRegistration): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: PATH,
    handler: async (request, reply) => {
      const result = await pageFor(deps, request, (page) => renderPage(page));
      return sendPage(reply, result);
    },
  });
  // Before a body is read: leads come in every form.
  app.route({
    method: [...REFUSED],
    url: PATH,
    onRequest: async (request, reply) => refuseMethod(deps, { request, reply }),
    handler: async (_request, reply) => reply,
  });
}

function pageFor(
  { api, publicOrigin }: PostingPageRegistration,
  request: FastifyRequest,
  write: (page: PostingPage) => string,
): Promise<ApiResult> {
  const { token } = request.params as { token: string }; // of the path
  const origin = readRequestOrigin(request, publicOrigin);
  const browser = { ip: readSenderAddress(request), userAgent: '', origin, sessionToken: undefined };
  return withPage(api, { params: { token }, browser }, (page) => ({
    kind: 'answer',
    status: 200,
    body: undefined,
    plain: { type: 'text/html; charset=utf-8', text: write(page) },
  }));
}

function sendPage(reply: FastifyReply, result: ApiResult): FastifyReply {
  if (result.kind === 'error') return sendError(reply.headers(POSTING_HEADERS), result);
  const html = result.kind === 'answer' ? result.plain : undefined;
  return reply
    .headers({ ...POSTING_HEADERS, 'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'" })
    .header('Content-Type', html?.type)
    .send(html?.text);
}

/** A vendor who posts leads to the page learns where they belong. */
async function refuseMethod(
  deps: PostingPageRegistration,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  const result = await pageFor(deps, request, ({ submit_url: url }) => url);
  if (result.kind === 'error') return sendError(reply.headers(POSTING_HEADERS), result);
  const url = result.kind === 'answer' ? result.plain?.text : undefined;
  const refusal = apiError('method_not_allowed', `This page is documentation and takes no leads. Send them to ${url}`);
  return sendError(reply.headers(POSTING_HEADERS), { ...refusal, headers: { Allow: ALLOWED } });
}

/** A page of its bare facts, until there is a better one. */
function renderPage(page: PostingPage): string {
  const title = escapeHtml(`${page.source.name} · ${page.flow.name}`);
  const text = escapeHtml(JSON.stringify(page, null, 2));
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><pre>${text}</pre></html>\n`;
}
