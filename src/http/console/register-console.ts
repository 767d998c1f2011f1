import { extname } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../../observe/log.ts';
import { acceptsCoding } from '../compress-answer.ts';
import { hasTag } from '../entity-tag.ts';
import { GUARDS, NOTHING_ALLOWED } from '../page-guards.ts';
import { prefersText } from '../prefers-text.ts';
import { type BuiltConsole, CONSOLE_TYPES, type ConsoleFile, type FindConsole } from './console-files.ts';

export interface ConsoleDeps {
  findConsole: FindConsole;
  /** Must be cryptographic. */
  randomBytes: (count: number) => Buffer;
  log: Pick<Log, 'error'>;
}

const NONCE_BYTES = 16;
const ALLOWED = 'GET, HEAD';
const REFUSED = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/**
 * The console below `/app`: assets by their names, index.html for every path of a page. Beside the table of routes,
 * because it is not of the API: its answers are pages and files, never errors of the API.
 */
export function registerConsole(app: FastifyInstance, deps: ConsoleDeps): void {
  app.setErrorHandler((error, req, reply) => {
    deps.log.error({ route: 'GET /app', trace_id: req.id, cause: codeOf(error) }, 'the console could not be read');
    return sendText(reply, { status: 500, text: 'The console could not be read; the log of the server says why.' });
  });
  for (const url of ['/app', '/app/*']) {
    app.route({ method: ['GET', 'HEAD'], url, handler: async (req, reply) => sendFrom(deps, { req, reply }) });
    // Before a body is read.
    app.route({ method: [...REFUSED], url, onRequest: refuseMethod, handler: refuseMethod });
  }
  app.route({ method: ['GET', 'HEAD'], url: '/', handler: sendToConsole });
}

/** A browser at the root means the console. Programs get the 404 of the API. */
async function sendToConsole(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.header('Vary', 'Accept');
  if (prefersText(req.headers.accept, 'text/html'))
    return reply.headers(GUARDS).header('Cache-Control', 'no-store').redirect('/app/');
  reply.callNotFound();
  return reply;
}

async function refuseMethod(_req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.header('Allow', ALLOWED);
  return sendText(reply, { status: 405, text: `The console takes ${ALLOWED} only; the API is at the root.` });
}

async function sendFrom(
  { findConsole, randomBytes }: ConsoleDeps,
  { req, reply }: { req: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  const built = await findConsole();
  if (built === null) return sendText(reply, { status: 503, text: NOT_BUILT });
  const { '*': path = '' } = req.params as { '*'?: string }; // as the routes are registered
  const file = built.files.get(path);
  if (file) return sendFile(file, { req, reply });
  if (!isPage(path)) return sendText(reply, { status: 404, text: 'The console has no such file.' });
  return sendPage(built, { reply, nonce: randomBytes(NONCE_BYTES).toString('base64') });
}

const NOT_BUILT =
  'The console is not built: run "npm run build" in the folder of Sluice, then reload. The API works without it.';

/** Is it a path of a page, rather than of a file that is not there? The router has decoded it. */
function isPage(path: string): boolean {
  if (path.startsWith('assets/') || /[\\\0]/.test(path)) return false;
  const isHidden = path.split('/').some((part) => part.startsWith('.'));
  return !isHidden && (path.startsWith(MODULE_PAGES) || !FILES.has(extname(path).toLowerCase()));
}

/** Ids of modules end as files do: `leadconduit-custom.outbound.json`. */
const MODULE_PAGES = 'integrations/';

/** Ids and names of things have other endings. */
const FILES = new Set([...Object.keys(CONSOLE_TYPES), '.html', '.map', '.gz', '.br']);

function sendFile(file: ConsoleFile, { req, reply }: { req: FastifyRequest; reply: FastifyReply }): FastifyReply {
  const { coding, bytes } = chooseCoding(file, req.headers['accept-encoding']);
  const tag = `"${file.tag}${coding === null ? '' : `-${coding}`}"`;
  reply.headers(GUARDS).headers({
    'Content-Security-Policy': NOTHING_ALLOWED,
    'Cache-Control': file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: tag,
    Vary: 'Accept-Encoding',
  });
  if (hasTag(req.headers['if-none-match'], tag)) return reply.code(304).send();
  if (coding !== null) reply.header('Content-Encoding', coding);
  return reply.header('Content-Type', file.type).send(bytes);
}

function chooseCoding(
  { plain, gzip, brotli }: ConsoleFile,
  accepted: string | undefined,
): { coding: 'br' | 'gzip' | null; bytes: Buffer } {
  if (brotli && acceptsCoding(accepted, ['br'])) return { coding: 'br', bytes: brotli };
  if (gzip && acceptsCoding(accepted, ['gzip', 'x-gzip'])) return { coding: 'gzip', bytes: gzip };
  return { coding: null, bytes: plain };
}

function sendPage({ page }: BuiltConsole, { reply, nonce }: { reply: FastifyReply; nonce: string }): FastifyReply {
  return reply
    .headers(GUARDS)
    .headers({
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': buildPolicy(nonce),
      // A page names the assets of its build, and its nonce is good once.
      'Cache-Control': 'no-store',
    })
    .send(page.replaceAll('{{nonce}}', nonce));
}

/** Scripts and everything else from this server alone; styles that Mantine writes have the nonce. */
function buildPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function sendText(reply: FastifyReply, { status, text }: { status: number; text: string }): FastifyReply {
  return reply
    .code(status)
    .headers(GUARDS)
    .headers({
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Security-Policy': NOTHING_ALLOWED,
      'Cache-Control': 'no-store',
    })
    .send(`${text}\n`);
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
