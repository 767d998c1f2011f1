import type { Clock } from '../../lib/clock.ts';
import type { Deliver } from '../contract.ts';
import type { Circuit } from './circuit.ts';
import { RecipientGate } from './recipient-gate.ts';
import type { RecipientHealth, RecipientKey } from './recipient-health.ts';

export interface RecipientLimitsOptions {
  /** The HTTP client's. */
  deliver: Deliver;
  clock: Clock;
  /** Calls back once after some ms; answers how to call it off. */
  startTimer(ms: number, onEnd: () => void): () => void;
  /** Requests that may wait for one recipient; more are `unsent`. */
  waitingMax: number;
  runningMax?: number;
  recipientsMax?: number;
  /** A circuit opened, closed, or tries. */
  onChange(change: { key: RecipientKey; host: string; circuit: Circuit }): void;
}

/** What one recipient can take of a process, so that a dead one slows no other (decision 0029). */
export interface RecipientLimits {
  /** Delivers within the limits of `recipientId`; without one, as if there were none. Never throws. */
  deliver: Deliver;
  /** Recipients with requests of the last minute, or with a circuit that is not closed. */
  health(): RecipientHealth[];
  closeCircuit(key: RecipientKey): void;
}

/** Requests to one recipient at once: at 300 ms an answer some 200 a second from each process. */
const RUNNING_MAX = 64;
/** Gates kept; where URLs come from the lead there may be any number of origins. */
const RECIPIENTS_MAX = 2_000;

interface Entry {
  key: RecipientKey;
  gate: RecipientGate;
}

export function createRecipientLimits(options: RecipientLimitsOptions): RecipientLimits {
  const { runningMax = RUNNING_MAX, recipientsMax = RECIPIENTS_MAX } = options;
  /** In the order they were first used; those that are idle make room. */
  const entries = new Map<string, Entry>();

  function findGate(key: RecipientKey): RecipientGate | undefined {
    const name = nameGate(key);
    const known = entries.get(name);
    if (known) return known.gate;
    if (entries.size >= recipientsMax && !makeRoom()) return undefined;
    const gate = openGate(key);
    entries.set(name, { key, gate });
    return gate;
  }

  function openGate(key: RecipientKey): RecipientGate {
    const { host } = new URL(key.origin);
    const { deliver, clock, startTimer, waitingMax, onChange } = options;
    const own = { host, runningMax, waitingMax, deliver, clock, startTimer };
    return new RecipientGate({ ...own, onChange: (circuit) => onChange({ key, host, circuit }) });
  }

  function makeRoom(): boolean {
    for (const [name, { gate }] of entries) if (gate.isIdle) return entries.delete(name);
    return false;
  }

  const deliver: Deliver = (request, bounds) => {
    const { accountId, recipientId } = bounds;
    const origin = recipientId === undefined ? undefined : parseOrigin(request.url);
    // A URL that cannot be read is the client's to refuse.
    if (accountId === undefined || recipientId === undefined || origin === undefined)
      return options.deliver(request, bounds);
    const gate = findGate({ accountId, recipientId, origin });
    if (gate) return gate.deliver(request, bounds);
    const now = options.clock.now();
    const reason = 'Too many recipients at once';
    return Promise.resolve({ kind: 'unsent', reason, blame: 'us', sentAt: now, receivedAt: now });
  };

  function health(): RecipientHealth[] {
    const reported: RecipientHealth[] = [];
    for (const [name, { key, gate }] of entries) {
      const health = { ...key, ...gate.health() };
      if (gate.isIdle && health.requests === 0) entries.delete(name);
      else reported.push(health);
    }
    return reported;
  }

  return { deliver, health, closeCircuit: (key) => entries.get(nameGate(key))?.gate.closeCircuit() };
}

export function nameGate({ accountId, recipientId, origin }: RecipientKey): string {
  return `${accountId} ${recipientId} ${origin}`;
}

const MAIL_SCHEMES: readonly string[] = ['smtp:', 'smtps:'];

/** undefined: it cannot be read, or is neither HTTP nor mail. A redirect’s targets count for where it began. */
function parseOrigin(text: string): string | undefined {
  try {
    const { protocol, origin, host } = new URL(text);
    // Only the schemes of the web have an origin of their own.
    if (MAIL_SCHEMES.includes(protocol)) return `${protocol}//${host}`;
    return protocol === 'https:' || protocol === 'http:' ? origin : undefined;
  } catch {
    return undefined;
  }
}
