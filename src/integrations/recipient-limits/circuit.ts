import type { DeliveryResult } from '../contract.ts';
import { MAIL_VERSION } from '../mail-message.ts';
import type { OutcomeCounts } from './outcome-window.ts';

/** A circuit opens at this share of errors, and only after so many requests. */
const ERROR_SHARE_OPENS = 0.5;
const REQUESTS_TELL = 20;
/** Pauses before a probe: doubling while probes fail. */
const OPEN_MS_MIN = 5_000;
const OPEN_MS_MAX = 60_000;
/** Of a request that was given less time than this, a time limit that ran out says nothing about the recipient. */
const FAIR_TIME_MS = 1_000;

/**
 * The circuit to a recipient (decision 0029). `open`: nothing is sent until `probeAt`, then the next request is the
 * probe. `half_open`: the probe is out. Instants are monotonic ms; `requests` and `errors` are those that opened it.
 */
export type Circuit =
  | { kind: 'closed' }
  | ({ kind: 'open' | 'half_open'; openedAt: number; probeAt: number; pauseMs: number } & OutcomeCounts);

export const CLOSED: Circuit = { kind: 'closed' };

/** May a request leave now? `probe`: it may, and what becomes of it decides. */
export function admit(circuit: Circuit, now: number): 'pass' | 'probe' | 'refuse' {
  if (circuit.kind === 'closed') return 'pass';
  return circuit.kind === 'open' && now >= circuit.probeAt ? 'probe' : 'refuse';
}

/** The closed circuit after an outcome: does it open? */
export function afterOutcome(counts: OutcomeCounts, now: number): Circuit {
  const { requests, errors } = counts;
  if (requests < REQUESTS_TELL || errors / requests < ERROR_SHARE_OPENS) return CLOSED;
  return { kind: 'open', openedAt: now, probeAt: now + OPEN_MS_MIN, pauseMs: OPEN_MS_MIN, requests, errors };
}

/** The circuit after its probe. After a probe without a result the next request is the probe. */
export function afterProbe(circuit: Circuit, probe: { signal: Signal; now: number }): Circuit {
  if (circuit.kind === 'closed' || probe.signal === 'fine') return CLOSED;
  if (probe.signal === 'nothing') return { ...circuit, kind: 'open', probeAt: probe.now };
  const pauseMs = Math.min(circuit.pauseMs * 2, OPEN_MS_MAX);
  return { ...circuit, kind: 'open', pauseMs, probeAt: probe.now + pauseMs };
}

export type Signal = 'fine' | 'error' | 'nothing';

/** A mail server is closing. Every other code says that it works, 550 of a mailbox that does not exist as well. */
const MAIL_CLOSING = 421;

/**
 * What a delivery shows about its recipient: an answer is fine unless its status is 5xx; a fault of the network is an
 * error; faults of ours, and a time limit too short to be fair, show nothing.
 */
export function readSignal(result: DeliveryResult, timeoutMs: number): Signal {
  if (result.kind === 'answered') {
    const { status, version } = result.response;
    return (version === MAIL_VERSION ? status === MAIL_CLOSING : status >= 500) ? 'error' : 'fine';
  }
  switch (result.blame) {
    case 'us':
      return 'nothing';
    case 'time':
      return timeoutMs < FAIR_TIME_MS ? 'nothing' : 'error';
    default:
      return 'error';
  }
}

/** Is it one of `refusalReason`? It has a host and counts, and no value of a lead. */
export function isRefusalReason(reason: string): boolean {
  return /^The circuit to \S+ is open after \d+ of \d+ requests failed; (?:a try is under way|next try in \d+ s)$/.test(
    reason,
  );
}

/** Why a request to this host is not sent. */
export function refusalReason(
  circuit: Exclude<Circuit, { kind: 'closed' }>,
  { now, host }: { host: string; now: number },
): string {
  const { requests, errors, probeAt, kind } = circuit;
  const next =
    kind === 'half_open' ? 'a try is under way' : `next try in ${Math.max(1, Math.ceil((probeAt - now) / 1000))} s`;
  return `The circuit to ${host} is open after ${errors} of ${requests} requests failed; ${next}`;
}
