import type {
  BuiltinHandleModule,
  DeliveryResult,
  Exchanges,
  OutboundRequest,
} from '../../src/integrations/contract.ts';
import type { Vars } from '../../src/model/vars.ts';

/** A request as the files have it; `body: null`: none. */
export interface SentRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
}

/** A canned answer, or how the transport failed. */
export type Reply = { status: number; headers?: Record<string, string>; body: string } | { err: string };

/** How a call ended. Both forms mean the same (spec modules a2): an error is an event whose outcome is `error`. */
export interface MeasuredEnd {
  event?: unknown;
  error?: unknown;
  /** The measured module crashed. */
  $throws?: unknown;
}

/** The one form in which ends are compared. */
export function asEvent({ event, error, $throws }: MeasuredEnd): unknown {
  if ($throws !== undefined) return { $throws };
  return error === undefined ? event : { outcome: 'error', reason: error };
}

/** Runs a module that makes its own exchanges; the replies come in their order. */
export async function handle(
  module: BuiltinHandleModule,
  vars: Vars,
  replies: readonly Reply[],
): Promise<{ sent: SentRequest[]; event: unknown }> {
  const sent: SentRequest[] = [];
  const exchanges: Exchanges = {
    begin: async () => undefined,
    note: () => undefined,
    timeLeftMs: () => 10_000,
    send: async (request) => {
      const reply = replies[sent.length] ?? { err: 'there is no reply for one request more' };
      sent.push(asSent(request));
      return buildResult(request.url, reply);
    },
  };
  const ended = await module.handle(vars, exchanges);
  const event = ended.kind === 'answered' ? ended.appended : asEvent({ error: ended.reason });
  return { sent, event };
}

function asSent({ method, url, headers, body }: OutboundRequest): SentRequest {
  return { method, url, headers: { ...headers }, body: body ?? null };
}

/** What the HTTP client reports; header names in Title-Case, as modules see them. */
export function buildResult(url: string, reply: Reply): DeliveryResult {
  const times = { sentAt: 0, receivedAt: 0 };
  if ('err' in reply) return { kind: 'unknown', reason: reply.err, ...times };
  const { status, headers = {}, body } = reply;
  const titled = Object.entries(headers).map(([name, value]) => [name.replace(/\b[a-z]/g, upper), value] as const);
  const response = { status, version: '1.1', headers: Object.fromEntries(titled), body };
  return { kind: 'answered', response, truncated: false, url, ...times };
}

function upper(letter: string): string {
  return letter.toUpperCase();
}
