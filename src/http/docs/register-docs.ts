import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DocLibrary } from '../../documentation/library.ts';
import { writeLlmsText } from '../../documentation/write-llms-text.ts';
import type { RunSliced } from '../../lib/slices.ts';
import type { Log } from '../../observe/log.ts';
import { acceptsGzip } from '../compress-answer.ts';
import type { FindConsole } from '../console/console-files.ts';
import { hasTag } from '../entity-tag.ts';
import { GUARDS, NOTHING_ALLOWED } from '../page-guards.ts';
import { prefersText } from '../prefers-text.ts';
import { readRequestOrigin } from '../request-origin.ts';
import { findPageAssets } from '../write-page.ts';
import type { FindDocs } from './doc-files.ts';
import { createRenderedDocs, type RenderedDocs, type SentDoc } from './rendered-docs.ts';

export interface DocsDeps {
  findDocs: FindDocs;
  /** The style of the pages is built with the console. */
  findConsole: FindConsole;
  runSliced: RunSliced;
  /** The public URL; null: by what a request names. */
  publicOrigin: string | null;
  log: Pick<Log, 'error'>;
}

const ALLOWED = 'GET, HEAD';
const REFUSED = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
/** In the build. */
const STYLE = 'docs/page.css';
const PLAIN = 'text/plain; charset=utf-8';
/** An upgrade changes pages; until then nobody asks twice within minutes. */
const KEPT = 'public, max-age=300';

/**
 * The documentation below `/docs/`, as HTML and as Markdown, and `/llms.txt` (decision page 0113). Beside the table of
 * routes, because it is not of the API. Anybody may read it: it is the text that comes with the program.
 */
export function registerDocs(app: FastifyInstance, deps: DocsDeps): void {
  app.setErrorHandler((error, req, reply) => {
    const cause = error instanceof Error && 'code' in error ? error.code : 'unknown';
    deps.log.error({ route: 'GET /docs', trace_id: req.id, cause }, 'the documentation could not be read');
    return sendText(reply, {
      status: 500,
      text: 'The documentation could not be read; the log of the server says why.',
    });
  });
  const render = holdRendered(deps);
  for (const url of ['/docs', '/docs/*', '/llms.txt']) {
    const send = url === '/llms.txt' ? sendLlmsText : sendDoc;
    app.route({ method: ['GET', 'HEAD'], url, handler: async (req, reply) => send(deps, { req, reply, render }) });
    // Before a body is read.
    app.route({ method: [...REFUSED], url, onRequest: refuseMethod, handler: refuseMethod });
  }
}

/** Pages hold the style that was built when they were rendered; they are rendered anew when there is one at last. */
function holdRendered({ findConsole, runSliced }: DocsDeps) {
  let held: { style: string | null; docs: RenderedDocs } | null = null;
  return async (library: DocLibrary): Promise<RenderedDocs> => {
    const assets = await findPageAssets(findConsole, { style: STYLE });
    const style = assets?.style ?? null;
    if (held?.style !== style) held = { style, docs: createRenderedDocs(library, { assets, runSliced }) };
    return held.docs;
  };
}

interface Sending {
  req: FastifyRequest;
  reply: FastifyReply;
  render: ReturnType<typeof holdRendered>;
}

async function sendDoc({ findDocs }: DocsDeps, { req, reply, render }: Sending): Promise<FastifyReply> {
  const library = await findDocs();
  if (library === null) return sendText(reply, { status: 404, text: NO_DOCS });
  const { '*': path = '' } = req.params as { '*'?: string }; // as the routes are registered
  const found = library.find(path);
  if (found?.kind === 'elsewhere') {
    return reply.headers(GUARDS).header('Cache-Control', KEPT).redirect(found.address, 308);
  }
  const docs = await render(library);
  if (found) return sendHeld(await docs[found.kind](found.page), { req, reply });
  if (!prefersText(req.headers.accept, 'text/html')) return sendText(reply, { status: 404, text: NO_PAGE });
  const { plain, headers } = await docs.nothing();
  return reply.code(404).headers(headers).headers(GUARDS).header('Cache-Control', 'no-store').send(plain);
}

const NO_DOCS = 'This installation has no documentation: its folder docs/ is missing.';
const NO_PAGE = 'The documentation has no such page; /llms.txt lists those that it has.';
function sendHeld(
  { plain, gzip, tag, headers }: SentDoc,
  { req, reply }: Pick<Sending, 'req' | 'reply'>,
): FastifyReply {
  const isCompressed = acceptsGzip(req.headers['accept-encoding']);
  const own = `"${tag}${isCompressed ? '-gzip' : ''}"`;
  reply.headers(headers).headers({ ...GUARDS, 'Cache-Control': KEPT, ETag: own, Vary: 'Accept-Encoding' });
  if (hasTag(req.headers['if-none-match'], own)) return reply.code(304).removeHeader('Content-Type').send();
  return isCompressed ? reply.header('Content-Encoding', 'gzip').send(gzip) : reply.send(plain);
}

/** Its links are whole URLs, of the host that was asked for. */
async function sendLlmsText({ findDocs, publicOrigin }: DocsDeps, { req, reply }: Sending): Promise<FastifyReply> {
  const library = await findDocs();
  if (library === null) return sendText(reply, { status: 404, text: NO_DOCS });
  return reply
    .headers(GUARDS)
    .headers({ 'Content-Type': PLAIN, 'Content-Security-Policy': NOTHING_ALLOWED, 'Cache-Control': 'no-cache' })
    .send(writeLlmsText(library, readRequestOrigin(req, publicOrigin)));
}

async function refuseMethod(_req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.header('Allow', ALLOWED);
  return sendText(reply, { status: 405, text: `The documentation takes ${ALLOWED} only.` });
}

function sendText(reply: FastifyReply, { status, text }: { status: number; text: string }): FastifyReply {
  return reply
    .code(status)
    .headers(GUARDS)
    .headers({
      'Content-Type': PLAIN,
      'Content-Security-Policy': NOTHING_ALLOWED,
      'Cache-Control': 'no-store',
    })
    .send(`${text}\n`);
}
