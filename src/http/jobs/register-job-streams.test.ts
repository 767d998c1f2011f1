import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../test/harness/until.ts';
import { permissionsOfRole, UNLIMITED } from '../../access/principal.ts';
import type { Job } from '../../jobs/job.ts';
import { type JobStreamDeps, registerJobStreams } from './register-job-streams.ts';

const ID = '6b00d7de2f1d7a3c5e9b0a20';
const RUNNING: Job = {
  ...{ accountId: 'a', id: ID, kind: 'resubmit', state: 'running', askedBy: { kind: 'key', id: 'k', name: 'n' } },
  ...{ total: 10, done: 1, counters: {}, reason: null, lines: [], attempt: 1, begunAt: 0, begunDone: 0 },
  ...{ isCancelAsked: false, createdAt: 0, startedAt: 0, updatedAt: 0, endedAt: null, artefacts: [] },
};

let app: FastifyInstance;
let job: Job | null;
let now: number;
let looks: (() => void)[];

beforeEach(async () => {
  job = RUNNING;
  now = 0;
  looks = [];
  app = Fastify();
  registerJobStreams(app, {
    jobs: { find: async () => job, readArtefact: async () => null },
    callers: {
      authenticate: async () => ({
        accountId: 'a',
        actor: { kind: 'key', id: 'k', name: 'n' },
        permissions: permissionsOfRole('owner'),
        limits: UNLIMITED,
      }),
    } as unknown as JobStreamDeps['callers'], // an API key needs no more of them
    clock: { now: () => now, monotonic: () => now },
    startTimer: (_ms, onEnd) => {
      looks.push(onEnd);
      return () => undefined;
    },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => app.close());

/** Lets every stream look at its job once more, so much later. */
function passTime(ms: number): void {
  now += ms;
  for (const look of looks.splice(0)) look();
}

function open(): { text(): string; status(): number | undefined; hasEnded(): boolean } {
  let text = '';
  let status: number | undefined;
  let hasEnded = false;
  const { port } = app.server.address() as AddressInfo; // a TCP server has a port
  request({ port, path: `/jobs/${ID}/events`, headers: { Authorization: 'Basic x' } }, (res) => {
    status = res.statusCode;
    res.setEncoding('utf8');
    res.on('data', (chunk: string) => {
      text += chunk;
    });
    res.on('end', () => {
      hasEnded = true;
    });
  }).end();
  return { text: () => text, status: () => status, hasEnded: () => hasEnded };
}

const isWaiting = () => looks.length > 0;

describe('the stream of a job', () => {
  it('sends what changed and nothing twice, a comment when nothing does for long, and the end', async () => {
    const stream = open();
    await until('it has begun', () => stream.text().includes('event: job') && isWaiting());
    passTime(1_000);
    await until('it looked', isWaiting);
    passTime(14_000);
    await until('the comment came', () => stream.text().endsWith(': goes on\n\n') && isWaiting());
    job = { ...RUNNING, done: 5, updatedAt: 1 };
    passTime(1_000);
    await until('the change came', () => stream.text().includes('"done":5') && isWaiting());
    job = { ...RUNNING, state: 'done', done: 10, endedAt: 2 };
    passTime(1_000);
    await until('it has ended', stream.hasEnded);
    const events = stream.text().match(/^(event: \w+|: goes on)$/gm);
    expect(events).toEqual(['event: job', ': goes on', 'event: job', 'event: end']);
  });

  it('ends after ten minutes, and when the job is gone', async () => {
    const first = open();
    await until('it has begun', isWaiting);
    passTime(600_000);
    await until('it has ended', first.hasEnded);
    const second = open();
    await until('it has begun', isWaiting);
    job = null;
    passTime(1_000);
    await until('it has ended, too', second.hasEnded);
  });

  it('of which there are fifty already is refused', async () => {
    const streams = Array.from({ length: 50 }, open);
    await until('all have begun', () => streams.every((each) => each.status() === 200));
    const further = open();
    await until('it was answered', further.hasEnded);
    expect(further.status()).toBe(503);
  });

  it('ends when the server does', async () => {
    const stream = open();
    await until('it has begun', isWaiting);
    await app.close();
    await until('it has ended', stream.hasEnded);
  });
});
