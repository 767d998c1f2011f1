import type { OutboundRequest } from '../../contract.ts';
import type { AnsweredSubmission, SyncOperation } from '../worker-messages.ts';
import { outboundRequest } from './outbound-request.ts';
import { plainValue } from './plain-value.ts';
import type { ModuleNode } from './walk-package.ts';

/** Runs one function of a module with values made for this thread; answers plain data, or throws what it threw. */
export function runModule(node: ModuleNode, operation: SyncOperation, values: readonly unknown[]): unknown {
  switch (operation) {
    case 'validate':
      return readMessage(call(node, 'validate', values));
    case 'request':
      return requestTwice(node, values);
    case 'response':
      return readEvent(call(node, 'response', values));
    case 'inbound-request':
      return readSubmission(node, values);
    case 'inbound-response':
      return readAnswer(call(node, 'response', values));
  }
}

/** The event a module answered. Throws when it is none: a step without an outcome would be a guess. */
export function readEvent(answered: unknown): Record<string, unknown> {
  const plain = plainValue(answered);
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain))
    throw new Error('the module returned no event');
  return { ...plain };
}

function call(node: ModuleNode, name: string, values: readonly unknown[]): unknown {
  const run = node[name];
  if (typeof run !== 'function') throw new Error(`the module has no ${name}()`);
  return Reflect.apply(run, node, [...values]);
}

/** null and undefined mean go; so does an empty text, which could not be a reason. */
function readMessage(answered: unknown): string | undefined {
  const text = answered === undefined || answered === null || answered === false ? '' : String(answered);
  return text === '' ? undefined : text;
}

/**
 * The request to send, and what is recorded of it: the second answer for the same variables, in which modules have
 * starred out their secrets (spec modules a2, "Masking by double call"). Without a second answer only the place of the
 * first is recorded.
 */
function requestTwice(node: ModuleNode, values: readonly unknown[]): OutboundRequest {
  const request = outboundRequest(call(node, 'request', values));
  try {
    const { url, headers, body } = outboundRequest(call(node, 'request', values));
    return { ...request, recorded: { url, headers, ...(body === undefined ? {} : { body }) } };
  } catch {
    // It could be made once; what it holds beside its place may be secret.
    return { ...request, recorded: { url: request.url.replace(/[?#].*/s, ''), headers: {} } };
  }
}

/** An error with `status`, `headers` and `body` is the module's own answer, whatever its class (spec modules a3). */
function readSubmission(node: ModuleNode, values: readonly unknown[]): AnsweredSubmission {
  try {
    return { kind: 'values', values: plainValue(call(node, 'request', values)) };
  } catch (error) {
    if (typeof error !== 'object' || error === null || !('status' in error && 'headers' in error && 'body' in error))
      throw error;
    return { kind: 'answer', ...readAnswer(error) };
  }
}

function readAnswer(answered: unknown): { status: number; headers: Record<string, string>; body: string } {
  const plain = readEvent(answered);
  const status = Number(plain['status']);
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new Error('the module returned no HTTP status');
  const body = String(plain['body'] ?? '');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(plain['headers'] ?? {})) {
    // Published modules count characters (spec modules i).
    headers[name] = name.toLowerCase() === 'content-length' ? String(Buffer.byteLength(body)) : String(value);
  }
  return { status, headers, body };
}
