import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { BatchStore } from '../../batches/batch.ts';
import { isId } from '../../lib/ids.ts';
import { sendError } from '../errors.ts';
import { findPermitted } from '../find-permitted.ts';
import { UNKNOWN_FILE } from '../handlers/batches.ts';
import type { IdentifyDeps } from '../identify-caller.ts';

export interface BatchDownloadDeps {
  batches: Pick<BatchStore, 'findFile' | 'readFile'>;
  callers: IdentifyDeps;
}

/** `GET /batches/{id}/files/{file_id}/download`: the file as it is sent. Beside the table of routes: it is no JSON. */
export function registerBatchDownloads(app: FastifyInstance, { batches, callers }: BatchDownloadDeps): void {
  app.get('/batches/:id/files/:file_id/download', async (request, reply) => {
    const permissions = ['leads.read', 'personal_data.read'] as const;
    const principal = await findPermitted(request, { reply, callers, permissions });
    if (!principal) return reply;
    const { id, file_id: fileId } = request.params as { id: string; file_id: string }; // of the path
    if (!isId(id) || !isId(fileId)) return sendError(reply, UNKNOWN_FILE);
    const key = { accountId: principal.accountId, fileId: fileId.toLowerCase() };
    const file = await batches.findFile(key);
    if (file?.batchId !== id.toLowerCase()) return sendError(reply, UNKNOWN_FILE);
    const name = encodeURIComponent(file.name);
    reply
      .header('Content-Type', file.contentType)
      .header('Content-Length', file.bytes)
      .header('Content-Disposition', `attachment; filename*=UTF-8''${name}`);
    // The file is not read for headers alone; without a stream Fastify says 0 bytes.
    const parts = request.method === 'HEAD' ? [] : batches.readFile(key);
    return reply.send(Readable.from(parts, { objectMode: false }));
  });
}
