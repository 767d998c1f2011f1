import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { afterAll, afterEach, expect } from 'vitest';
import type { AnswerCheck, SentAnswer } from './answer-fault.ts';

/**
 * Every HTTP server that a test starts has its answers compared with the rows of the routes: a status, an error code or
 * a body that a row does not declare fails the test. Vitest loads this file before each test file. Production does not
 * have the comparison: the channel is Fastify's own, and nothing listens to it there.
 */
const faults: string[] = [];

subscribe('fastify.initialization', watch);
// Files that share a graph of modules share the channel too.
afterAll(() => unsubscribe('fastify.initialization', watch));

function watch(message: unknown): void {
  // Fastify publishes its instance (its documentation, "Hooks: diagnostics channel").
  const { fastify } = message as { fastify: FastifyInstance };
  fastify.addHook('onSend', (req, reply, payload) => noteSent(req, reply, payload));
  fastify.addHook('onRequest', async (req, reply) => watchRaw(req, reply));
}

async function noteSent(req: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<void> {
  await note(req, { status: reply.statusCode, type: String(reply.getHeader('content-type') ?? ''), payload });
}

/** Submit URLs write to the socket themselves, so that Fastify does not see the answer. */
function watchRaw(req: FastifyRequest, { raw }: FastifyReply): void {
  if (!req.routeOptions.url?.endsWith('/submit')) return;
  const sent = { type: '' };
  const { writeHead, end } = raw;
  raw.writeHead = (...args: unknown[]) => {
    const headers = (args.find((each) => typeof each === 'object') ?? {}) as Record<string, unknown>;
    sent.type = String(headers['Content-Type'] ?? '');
    return Reflect.apply(writeHead, raw, args);
  };
  raw.end = (...args: unknown[]) => {
    pending.push(note(req, { status: raw.statusCode, type: sent.type, payload: args[0] }));
    return Reflect.apply(end, raw, args);
  };
}

/** Comparisons that no answer waits for. */
const pending: Promise<void>[] = [];

async function note(req: FastifyRequest, sent: Pick<SentAnswer, 'status' | 'type' | 'payload'>): Promise<void> {
  const { url } = req.routeOptions;
  if (url === undefined) return;
  const check = await loadCheck();
  const fault = check({ method: req.method, path: url, ...sent });
  if (fault) faults.push(fault);
}

let loaded: Promise<AnswerCheck> | undefined;

/** Only where a server starts: most test files have none, and the table of routes loads half of the server. */
function loadCheck(): Promise<AnswerCheck> {
  loaded ??= import('./answer-fault.ts').then(({ findAnswerFault }) => findAnswerFault);
  return loaded;
}

async function expectNoFaults(): Promise<void> {
  await Promise.all(pending.splice(0));
  expect(faults.splice(0), 'answers that the rows of src/http/routes do not declare').toEqual([]);
}

afterEach(expectNoFaults);
afterAll(expectNoFaults);
