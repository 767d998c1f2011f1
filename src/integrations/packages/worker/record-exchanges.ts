import { subscribe } from 'node:diagnostics_channel';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import type { RecordedRequest, Transaction } from '../../../model/event.ts';
import { titleCaseHeaders } from '../../http-client/read-answer.ts';
import { type RunningCall, runningCall } from './running-call.ts';

/** Of a body the rest is not recorded; as much as the HTTP client of built-in modules keeps. */
const RECORDED_CHARACTERS_MAX = 1_048_576;
/** A longer answer ends the exchange, so that it cannot fill the memory. */
const ANSWER_BYTES_MAX = 16_777_216;

interface Recording {
  call: RunningCall;
  startedAt: number;
  sent: string;
}

/**
 * Notes every exchange over `http`, `https` and undici (`fetch`) with the `handle` that made it: request, answer, ms,
 * and the code of an error. Bodies of undici's answers are not seen.
 */
export function recordExchanges(): void {
  recordHttp();
  recordUndici();
}

function recordHttp(): void {
  const recordings = new WeakMap<ClientRequest, Recording>();
  const { write, end, emit } = http.ClientRequest.prototype;

  function findRecording(request: ClientRequest): Recording | undefined {
    const known = recordings.get(request);
    const call = known?.call ?? runningCall.getStore();
    if (known || !call) return known;
    if (call.controller.signal.aborted) request.destroy(new Error('the caller no longer waits for this delivery'));
    call.controller.signal.addEventListener('abort', () => request.destroy());
    const recording = { call, startedAt: Date.now(), sent: '' };
    recordings.set(request, recording);
    call.unanswered.add(request);
    return recording;
  }
  const keep = (request: ClientRequest, chunk: unknown): void => {
    const recording = findRecording(request);
    if (recording) recording.sent = appended(recording.sent, chunk);
  };

  Object.assign(http.ClientRequest.prototype, {
    write(this: ClientRequest, ...given: unknown[]) {
      keep(this, given[0]);
      return Reflect.apply(write, this, given);
    },
    end(this: ClientRequest, ...given: unknown[]) {
      keep(this, given[0]);
      return Reflect.apply(end, this, given);
    },
    emit(this: ClientRequest, ...given: unknown[]) {
      const [event, first] = given;
      const recording = recordings.get(this);
      if (recording && event === 'response') noteAnswer(this, first as IncomingMessage, recording); // http's contract
      if (recording && event === 'error') noteError(this, recording, first);
      return Reflect.apply(emit, this, given);
    },
  });
}

function noteError(request: ClientRequest, { call, startedAt, sent }: Recording, error: unknown): void {
  // An answered request can still break while its answer is read.
  if (!call.unanswered.has(request)) return;
  const code = codeOf(error);
  if (NEVER_SENT.test(code)) call.unanswered.delete(request);
  call.note({
    request: recordedRequest(request, startedAt, sent),
    response: null,
    ms: Date.now() - startedAt,
    error: code,
  });
}

/** Faults that come before a request leaves. */
const NEVER_SENT =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|FORBIDDEN_ADDRESS|NOT_SENDING|ENETUNREACH|EHOSTUNREACH|CERT_|ERR_TLS|ERR_SSL|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|EPROTO|UND_ERR_CONNECT)/;

function noteAnswer(request: ClientRequest, response: IncomingMessage, recording: Recording): void {
  const { call, startedAt, sent } = recording;
  const push = response.push.bind(response);
  let body = '';
  let bytes = 0;
  response.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (chunk !== null) {
      body = appended(body, chunk);
      bytes += lengthOf(chunk);
      if (bytes > ANSWER_BYTES_MAX) response.destroy(new Error('the answer is too long'));
    }
    return push(chunk, encoding);
  };
  const note = (): void => {
    if (!call.unanswered.delete(request)) return;
    const answered = {
      status: response.statusCode ?? 0,
      version: response.httpVersion,
      headers: titleCaseHeaders(response.headers),
      body,
      timestamp: Date.now(),
      ...(bytes > body.length && body.length >= RECORDED_CHARACTERS_MAX ? { truncated: true } : {}),
    };
    call.note({
      request: recordedRequest(request, startedAt, sent),
      response: answered,
      ms: Date.now() - startedAt,
    });
  };
  // Before the package's own listeners, which may end the call.
  response.prependOnceListener('end', note);
  response.prependOnceListener('close', note);
}

function recordedRequest(request: ClientRequest, startedAt: number, body: string): RecordedRequest {
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(request.getHeaders())) headers[name] = [value].flat().join(', ');
  return {
    method: request.method,
    uri: `${request.protocol}//${request.host}${portOf(request)}${request.path}`,
    version: '1.1',
    headers,
    body: body === '' ? null : body,
    timestamp: startedAt,
  };
}

/** The port stands in the Host header unless it is the protocol's own. */
function portOf(request: ClientRequest): string {
  return /:\d+$/.exec(String(request.getHeader('host') ?? ''))?.[0] ?? '';
}

/** The parts of undici's messages that are read; its request object is the same in all of them. */
interface UndiciMessage {
  request: { method?: string; origin?: unknown; path?: string; body?: unknown };
  response?: { statusCode?: number; headers?: unknown };
  error?: unknown;
}

function recordUndici(): void {
  const recordings = new WeakMap<object, Recording>();
  subscribe('undici:request:create', (message) => {
    const { request } = message as UndiciMessage; // undici's documented shape
    const call = runningCall.getStore();
    if (!call) return;
    call.unanswered.add(request);
    recordings.set(request, { call, startedAt: Date.now(), sent: appended('', request.body) });
  });
  const settle = (message: unknown): void => {
    const { request, response, error } = message as UndiciMessage; // as above
    const recording = recordings.get(request);
    if (!recording?.call.unanswered.has(request)) return;
    const { call, startedAt, sent } = recording;
    const code = response ? undefined : codeOf(error);
    if (code === undefined || NEVER_SENT.test(code)) call.unanswered.delete(request);
    const uri = `${String(request.origin ?? '')}${request.path ?? ''}`;
    const transaction: Transaction = {
      request: {
        method: request.method ?? '',
        uri,
        version: '1.1',
        headers: {},
        body: sent || null,
        timestamp: startedAt,
      },
      response: response ? { status: response.statusCode ?? 0, headers: {}, body: null, timestamp: Date.now() } : null,
      ms: Date.now() - startedAt,
      ...(code === undefined ? {} : { error: code }),
    };
    call.note(transaction);
  };
  subscribe('undici:request:headers', settle);
  subscribe('undici:request:error', settle);
}

function appended(text: string, chunk: unknown): string {
  if (text.length >= RECORDED_CHARACTERS_MAX) return text;
  const more =
    typeof chunk === 'string' ? chunk : chunk instanceof Uint8Array ? Buffer.from(chunk).toString('utf8') : '';
  return (text + more).slice(0, RECORDED_CHARACTERS_MAX);
}

function lengthOf(chunk: unknown): number {
  return typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk.length : 0;
}

/** A constant of Node or of a library; messages may quote the lead. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'error';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'error';
}
