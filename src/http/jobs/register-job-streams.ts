import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Permission } from '../../access/permissions.ts';
import type { Job, JobKey, JobStore } from '../../jobs/job.ts';
import { PERSON_FILE } from '../../jobs/work/export-person.ts';
import { REJECTED_FILE } from '../../jobs/work/import-list.ts';
import type { Clock } from '../../lib/clock.ts';
import { isId } from '../../lib/ids.ts';
import { apiError, sendError } from '../errors.ts';
import { findPermitted } from '../find-permitted.ts';
import { UNKNOWN_JOB } from '../handlers/jobs.ts';
import type { IdentifyDeps } from '../identify-caller.ts';
import { jobJson } from './job-json.ts';

export interface JobStreamDeps {
  jobs: Pick<JobStore, 'find' | 'readArtefact'>;
  callers: IdentifyDeps;
  clock: Clock;
  startTimer(ms: number, onEnd: () => void): () => void;
}

/** How often a stream looks at its job. */
const LOOK_EVERY_MS = 1_000;
/** A comment at least this often, so that proxies keep the connection. */
const HEARTBEAT_MS = 15_000;
/** A stream ends by then; browsers connect again by themselves. */
const STREAM_MS_MAX = 600_000;
/** Streams of one process at once: each asks the database every second. */
const STREAMS_MAX = 50;

/**
 * What jobs answer that is no JSON: `GET /jobs/{id}/events`, the job as server-sent events until it has ended, and
 * `GET /jobs/{id}/artefacts/{name}`. Beside the table of routes, because both write their answers themselves.
 */
export function registerJobStreams(app: FastifyInstance, deps: JobStreamDeps): void {
  const streams = new Set<() => void>();
  app.addHook('preClose', async () => {
    for (const end of [...streams]) end();
  });
  app.get('/jobs/:id/events', async (request, reply) => {
    const key = await findKey(request, { reply, deps, permissions: ['jobs.read'] });
    if (!key) return reply;
    const job = await deps.jobs.find(key);
    if (!job) return sendError(reply, UNKNOWN_JOB);
    if (streams.size >= STREAMS_MAX) return sendError(reply, TOO_MANY_STREAMS);
    reply.hijack();
    streamJob(reply.raw, { job, key, deps, streams });
    return reply;
  });
  app.get('/jobs/:id/artefacts/:name', async (request, reply) => {
    const { name } = request.params as { name: string }; // of the path
    const permissions: Permission[] = ['jobs.read', 'leads.read', ...(PERMISSIONS_BY_FILE[name] ?? [])];
    const key = await findKey(request, { reply, deps, permissions });
    if (!key) return reply;
    const artefact = await deps.jobs.readArtefact({ ...key, name, now: deps.clock.now() });
    if (!artefact) return sendError(reply, UNKNOWN_ARTEFACT);
    return reply
      .header('Content-Type', artefact.contentType)
      .header('Content-Disposition', `attachment; filename="${encodeURIComponent(name)}"`)
      .send(artefact.content);
  });
}

/** What it takes besides: files that have values of people. */
const PERMISSIONS_BY_FILE: Readonly<Record<string, readonly Permission[]>> = {
  [REJECTED_FILE]: ['personal_data.read'],
  [PERSON_FILE]: ['personal_data.read', 'privacy.manage'],
};

const TOO_MANY_STREAMS = apiError('unavailable', 'Too many streams of jobs are open; ask GET /jobs/{id} instead.');
const UNKNOWN_ARTEFACT = apiError('not_found', 'The job has no artefact of this name, or it has expired.');

/** The job that is asked for, or undefined when the caller has been answered. */
async function findKey(
  request: FastifyRequest,
  { reply, deps, permissions }: { reply: FastifyReply; deps: JobStreamDeps; permissions: Permission[] },
): Promise<JobKey | undefined> {
  const principal = await findPermitted(request, { reply, callers: deps.callers, permissions });
  if (!principal) return undefined;
  const { id } = request.params as { id: string }; // of the path
  if (!isId(id)) return void sendError(reply, UNKNOWN_JOB);
  return { accountId: principal.accountId, id: id.toLowerCase() };
}

interface Stream {
  job: Job;
  key: JobKey;
  deps: JobStreamDeps;
  streams: Set<() => void>;
}

function streamJob(res: ServerResponse, { job, key, deps, streams }: Stream): void {
  const { clock, jobs, startTimer } = deps;
  const startedAt = clock.monotonic();
  let toldAt = startedAt;
  let sent = '';
  let callOff = () => {};
  const end = () => {
    callOff();
    streams.delete(end);
    res.end();
  };
  streams.add(end);
  res.on('close', end);
  res.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // Proxies of the nginx kind would collect what is written.
    'X-Accel-Buffering': 'no',
  });
  sendJob(job);

  /** `job` while it runs, `end` once it has ended; a browser that hears `end` closes its side. */
  function sendJob(current: Job): void {
    const text = JSON.stringify(jobJson(current));
    const hasEnded = current.endedAt !== null;
    if (text !== sent) {
      res.write(`event: ${hasEnded ? 'end' : 'job'}\ndata: ${text}\n\n`);
      toldAt = clock.monotonic();
    } else if (clock.monotonic() - toldAt >= HEARTBEAT_MS) {
      res.write(': goes on\n\n');
      toldAt = clock.monotonic();
    }
    sent = text;
    if (hasEnded || clock.monotonic() - startedAt >= STREAM_MS_MAX) end();
    else callOff = startTimer(LOOK_EVERY_MS, () => void look());
  }

  async function look(): Promise<void> {
    // A reader that does not read is let go when its buffer is full.
    if (res.writableNeedDrain) return end();
    const current = await jobs.find(key).catch(() => null);
    if (!streams.has(end)) return;
    if (current) sendJob(current);
    else end();
  }
}
