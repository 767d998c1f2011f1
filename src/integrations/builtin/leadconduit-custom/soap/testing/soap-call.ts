import type { DeliveryResult, Exchanges, HandleEnd, OutboundRequest } from '../../../../contract.ts';
import { createSoapModule } from '../soap-module.ts';
import { DESK_URL, deskWsdl, taken } from './desk-wsdl.ts';

/** Friday, 20 November 2026, 12:00 UTC. */
export const NOW = Date.UTC(2026, 10, 20, 12);

type Reply =
  | Partial<{ status: number; body: string; truncated: boolean }>
  | { kind: 'unsent' | 'unknown'; reason: string };

export interface Desk {
  /** The documents that are there, by URL. */
  documents?: Record<string, string | Reply>;
  /** What every message is answered. */
  reply?: Reply;
}

/** The SOAP module among recipients that a test scripts. */
export interface TestDesk {
  call(vars?: Record<string, unknown>): Promise<HandleEnd>;
  /** In order, and the GETs among them. */
  sent: OutboundRequest[];
  /** What the last message has inside its Body. */
  body(): string;
  /** What the last call sent and the event keeps. */
  posted(): OutboundRequest | undefined;
  reply(reply: Reply): void;
  documents: Record<string, string | Reply>;
  pass(ms: number): void;
}

export function openDesk({ documents = { [DESK_URL]: deskWsdl() }, reply = { body: taken('') } }: Desk = {}): TestDesk {
  const sent: OutboundRequest[] = [];
  let replied = reply;
  let passedMs = 0;
  const clock = { now: () => NOW + passedMs, monotonic: () => passedMs };
  const randomBytes = (size: number): Uint8Array => new Uint8Array(size).fill(7);
  const module = createSoapModule({ allowsPrivateHosts: () => false, tools: { clock, randomBytes } });
  const exchanges: Exchanges = {
    begin: async () => undefined,
    note: () => undefined,
    timeLeftMs: () => 10_000,
    send: async (request) => {
      sent.push(request);
      if (request.method === 'POST') return buildResult(request.url, replied);
      const document = documents[request.url] ?? { status: 404, body: 'no such file' };
      return buildResult(request.url, typeof document === 'string' ? { body: document } : document);
    },
  };
  const posted = (): OutboundRequest | undefined => sent.findLast(({ method }) => method === 'POST');
  return {
    call: (vars = {}) => module.handle({ url: DESK_URL, function: 'TakeLead', ...vars }, exchanges),
    sent,
    posted,
    body: () => /<soap:Body>([\s\S]*)<\/soap:Body>/.exec(posted()?.body ?? '')?.[1] ?? '',
    reply: (next) => {
      replied = next;
    },
    documents,
    pass: (ms) => {
      passedMs += ms;
    },
  };
}

function buildResult(url: string, reply: Reply): DeliveryResult {
  const at = { sentAt: NOW, receivedAt: NOW };
  if ('kind' in reply) return { ...reply, ...at };
  const { status = 200, body = '', truncated = false } = reply;
  return { kind: 'answered', response: { status, version: '1.1', headers: {}, body }, truncated, url, ...at };
}
