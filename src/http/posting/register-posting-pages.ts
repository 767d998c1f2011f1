import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PostingPage } from '../../posting/posting-page.ts';
import type { ShownTry } from '../../posting/render/try-section.ts';
import { writeSampleSnippets } from '../../posting/sample-snippets.ts';
import type { ApiAnswer, ApiResult } from '../api.ts';
import { COMPRESSED_BYTES_MIN, createCompressAnswer } from '../compress-answer.ts';
import { type ApiError, apiError, ERRORS, sendError } from '../errors.ts';
import {
  POSTING_HEADERS,
  type PostingPageDeps,
  type PostingRequest,
  runTry,
  withPage,
} from '../handlers/posting-pages.ts';
import { prefersText } from '../prefers-text.ts';
import { readRequestOrigin } from '../request-origin.ts';
import { readSenderAddress } from '../sender-address.ts';
import type { WrittenPage } from '../write-page.ts';
import { readTryForm } from './read-try-form.ts';
import { type PostingHtmlDeps, writeNotice, writePostingHtml } from './write-posting-html.ts';

export interface PostingPageRegistration extends PostingHtmlDeps {
  api: PostingPageDeps;
  /** The public URL; null: by what a request names. */
  publicOrigin: string | null;
}

const ALLOWED = 'GET, HEAD';
const REFUSED = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const PATH = '/submission/:token';
const TRY_PATH = `${PATH}/dry-run`;
/** Of a form that is tried: as much as a dry run by the API takes. */
const FORM_BYTES_MAX = 256 * 1024;

/** The posting page for people. Beside the table of routes: it is no JSON, and posts to it are told the right URL. */
export function registerPostingPages(app: FastifyInstance, deps: PostingPageRegistration): void {
  const compress = createCompressAnswer();
  app.route({
    method: ['GET', 'HEAD'],
    url: PATH,
    handler: async (request, reply) => {
      const shown = await showPage(deps, request, null);
      const text = shown.kind === 'answer' ? (shown.plain?.text ?? '') : '';
      if (text.length < COMPRESSED_BYTES_MIN) return send(deps, { request, reply, shown });
      reply.header('Vary', 'Accept-Encoding');
      const compressed = await compress(Buffer.from(text), request.headers['accept-encoding']);
      if (compressed) reply.header('Content-Encoding', 'gzip');
      return send(deps, { request, reply, shown, ...(compressed && { bytes: compressed }) });
    },
  });
  // Before a body is read: leads come in every form.
  app.route({
    method: [...REFUSED],
    url: PATH,
    onRequest: async (request, reply) => refuseMethod(deps, { request, reply }),
    handler: async (_request, reply) => reply,
  });
  app.register(async (forms) => registerTries(forms, deps));
}

/** The form of the page, for browsers without a script and for the script itself. */
function registerTries(app: FastifyInstance, deps: PostingPageRegistration): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: FastifyRequest, text: string) => text,
  );
  app.route({
    method: 'POST',
    url: TRY_PATH,
    bodyLimit: FORM_BYTES_MAX,
    handler: async (request, reply) => {
      const { shown, status } = await showTry(deps, request);
      return send(deps, { request, reply, shown, ...(status !== undefined && { status }) });
    },
  });
  // Who comes back to the address of a result gets the page without one.
  app.route({
    method: ['GET', 'HEAD'],
    url: TRY_PATH,
    handler: async (request, reply) => reply.headers(POSTING_HEADERS).redirect(pathOf(request)),
  });
}

/** Values that were not tried stay in the form, with the reason; `status` is then that of the refusal. */
async function showTry(
  deps: PostingPageRegistration,
  request: FastifyRequest,
): Promise<{ shown: ApiResult; status?: number }> {
  const form = readTryForm(typeof request.body === 'string' ? request.body : '');
  if (!form.ok) return { shown: form.error };
  const { format, values } = form.value;
  const given = { format, values, accept: format === 'xml' ? 'xml' : 'json' } as const;
  const tried = await runTry(deps.api, readRequest(deps, request), given);
  if (tried.kind === 'tried') {
    const result = { kind: 'tried', ...tried.tried } as const;
    return { shown: await showPage(deps, request, { format, values, result }) };
  }
  if (tried.code === 'not_found') return { shown: tried };
  const result = { kind: 'refused', sentence: tried.message } as const;
  return { shown: await showPage(deps, request, { format, values, result }), status: ERRORS[tried.code] };
}

function showPage(
  deps: PostingPageRegistration,
  request: FastifyRequest,
  shownTry: ShownTry | null,
): Promise<ApiResult> {
  return withPage(deps.api, readRequest(deps, request), async (page) =>
    answerHtml(
      await writePostingHtml(deps, {
        page,
        snippets: writeSampleSnippets(page, 'json'),
        path: pathOf(request),
        shownTry,
      }),
    ),
  );
}

function answerHtml({ html, headers }: WrittenPage): ApiAnswer {
  return {
    kind: 'answer',
    status: 200,
    body: undefined,
    headers,
    plain: { type: 'text/html; charset=utf-8', text: html },
  };
}

function readRequest({ publicOrigin }: PostingPageRegistration, request: FastifyRequest): PostingRequest {
  const { token } = request.params as { token: string }; // of the path
  const origin = readRequestOrigin(request, publicOrigin);
  return {
    params: { token },
    browser: { ip: readSenderAddress(request), userAgent: '', origin, sessionToken: undefined },
  };
}

/** Of the page itself, whichever of its paths was asked for. */
function pathOf(request: FastifyRequest): string {
  const { token } = request.params as { token: string }; // of the path
  return `/submission/${encodeURIComponent(token)}`;
}

interface Sending {
  request: FastifyRequest;
  reply: FastifyReply;
  shown: ApiResult;
  status?: number;
  /** Compressed, instead of the text. */
  bytes?: Buffer;
}

/** People get a page, also when there is nothing to show; programs the error of the API. */
async function send(deps: PostingPageRegistration, sending: Sending): Promise<FastifyReply> {
  const { request, reply, shown, bytes } = sending;
  reply.headers(POSTING_HEADERS);
  if (shown.kind === 'answer') {
    reply.code(sending.status ?? shown.status).headers(shown.headers ?? {});
    return reply.header('Content-Type', shown.plain?.type).send(bytes ?? shown.plain?.text);
  }
  const error = shown.kind === 'error' ? shown : NOTHING;
  if (!prefersText(request.headers.accept, 'text/html')) return sendError(reply, error);
  const { html, headers } = await writeNotice(deps, noticeOf(error));
  return reply
    .code(ERRORS[error.code])
    .headers({ ...headers, ...error.headers })
    .send(html);
}

const NOTHING = apiError('not_found', 'There is nothing at this URL.');

/** Of a link that was revoked no more is said than of one that never was. */
function noticeOf({ code, message }: ApiError): { title: string; sentence: string } {
  if (code !== 'not_found') return { title: 'The page cannot be shown', sentence: message };
  return { title: 'There is nothing here', sentence: 'Ask the person who gave you the link for another one.' };
}

/** A vendor who posts leads to the page learns where they belong. */
async function refuseMethod(
  deps: PostingPageRegistration,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  const result = await withPage(deps.api, readRequest(deps, request), (page: PostingPage) => ({
    ...{ kind: 'answer', status: 200, body: undefined },
    plain: { type: 'text/plain; charset=utf-8', text: page.submit_url },
  }));
  if (result.kind === 'error') return sendError(reply.headers(POSTING_HEADERS), result);
  const url = result.kind === 'answer' ? result.plain?.text : undefined;
  const refusal = apiError('method_not_allowed', `This page is documentation and takes no leads. Send them to ${url}`);
  return sendError(reply.headers(POSTING_HEADERS), { ...refusal, headers: { Allow: ALLOWED } });
}
