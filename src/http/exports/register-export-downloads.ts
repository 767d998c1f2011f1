import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RequestOrigin } from '../../access/activity.ts';
import type { ExportFormat, ExportStore } from '../../exports/export.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Ids, isId } from '../../lib/ids.ts';
import { apiError, sendError } from '../errors.ts';
import { findPermitted } from '../find-permitted.ts';
import { UNKNOWN_EXPORT } from '../handlers/exports.ts';
import type { IdentifyDeps } from '../identify-caller.ts';
import { readSenderAddress } from '../sender-address.ts';

export interface ExportDownloadDeps {
  /** Records who downloads. */
  exportsFor(origin: RequestOrigin): Pick<ExportStore, 'find' | 'recordDownload' | 'readFile'>;
  callers: IdentifyDeps;
  clock: Pick<Clock, 'now'>;
  ids: Pick<Ids, 'next'>;
}

const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = { csv: 'application/gzip', jsonl: 'application/gzip' };
const NOT_READY = apiError(
  'conflict',
  'The export has no file yet: wait until its status is complete or truncated. An export with the status error has none.',
);

/** `GET /exports/{id}/download`: the file. Beside the table of routes: it is no JSON. */
export function registerExportDownloads(app: FastifyInstance, deps: ExportDownloadDeps): void {
  app.get('/exports/:id/download', async (request, reply) => {
    if (isFromOutside(request)) return sendLink(request, reply);
    const principal = await findPermitted(request, { reply, callers: deps.callers, permissions: ['leads.read'] });
    if (!principal) return reply;
    const { id } = request.params as { id: string }; // of the path
    if (!isId(id)) return sendError(reply, UNKNOWN_EXPORT);
    const { accountId, actor: by, permissions } = principal;
    const ip = readSenderAddress(request);
    const exports = deps.exportsFor({ actor: by, ip });
    const key = { accountId, id: id.toLowerCase() };
    const now = deps.clock.now();
    const found = await exports.find({ ...key, now });
    if (!found) return sendError(reply, UNKNOWN_EXPORT);
    if (!found.definition.hides_values && !permissions.has('personal_data.read')) return sendError(reply, PERSONAL);
    if (found.fileName === null || (found.status !== 'complete' && found.status !== 'truncated'))
      return sendError(reply, NOT_READY);
    reply
      .header('Content-Type', CONTENT_TYPES[found.definition.format])
      .header('Content-Length', found.byteCount)
      .header('Content-Disposition', `attachment; filename="${found.fileName}"`)
      .header('Cache-Control', 'no-store');
    // Who asks for the headers alone has downloaded nothing, and no part of the file is read. Without a stream Fastify says 0 bytes.
    if (request.method === 'HEAD') return reply.send(Readable.from([]));
    // Before the first byte: what is not noted is not sent.
    await exports.recordDownload({ ...key, downloadId: deps.ids.next(), at: now, by, ip });
    return reply.send(Readable.from(exports.readFile(key), { objectMode: false }));
  });
}

const PERSONAL = apiError(
  'permission_required',
  'Your API key or user needs the permission personal_data.read: the file has values of leads. An export that you make yourself hides them.',
);

/**
 * A click in a mail that is read in a browser: browsers keep the cookie of the session to themselves then, because it is
 * `SameSite=Strict`. They say so in `Sec-Fetch-Site`.
 */
function isFromOutside({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-site'] === 'cross-site' && headers.authorization === undefined;
}

/** A page whose link is one of our own, by which the cookie comes along. */
function sendLink({ params }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { id } = params as { id: string }; // of the path
  if (!isId(id)) return sendError(reply, UNKNOWN_EXPORT);
  return reply
    .header('Content-Type', 'text/html; charset=utf-8')
    .header('Content-Security-Policy', "default-src 'none'")
    .send(
      `<!doctype html><html lang="en"><title>Export</title><p><a href="/exports/${id}/download">Download the export</a>, signed in.</p></html>\n`,
    );
}
