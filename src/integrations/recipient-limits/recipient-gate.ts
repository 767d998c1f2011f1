import type { Clock } from '../../lib/clock.ts';
import type { Deliver, DeliveryResult, OutboundRequest } from '../contract.ts';
import {
  admit,
  afterOutcome,
  afterProbe,
  type Circuit,
  CLOSED,
  readSignal,
  refusalReason,
  type Signal,
} from './circuit.ts';
import { OutcomeWindow } from './outcome-window.ts';
import type { RecipientHealth } from './recipient-health.ts';

type Bounds = Parameters<Deliver>[1];

export interface GateOptions {
  /** As reasons name the recipient. */
  host: string;
  runningMax: number;
  waitingMax: number;
  deliver: Deliver;
  clock: Clock;
  /** Calls back once after some ms; answers how to call it off. */
  startTimer(ms: number, onEnd: () => void): () => void;
  onChange(circuit: Circuit): void;
}

/** A request that waits for a place. */
interface Waiter {
  start(): void;
  giveUp(reason: string): void;
}

/** With less time left a request is not sent: it would end as an unknown delivery before anybody could answer. */
const WORTH_SENDING_MS = 50;

/** The way to one recipient at one origin: at most so many requests at once, a bounded line, and the circuit. */
export class RecipientGate {
  readonly #options: GateOptions;
  readonly #window = new OutcomeWindow();
  /** In the order of arrival; those that gave up are gone. */
  readonly #waiting = new Set<Waiter>();
  #circuit: Circuit = CLOSED;
  /** Raised when the circuit opens, tries or closes: earlier requests show nothing about the time after. */
  #era = 0;
  #running = 0;
  #waited = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** Nothing would be lost with it. */
  get isIdle(): boolean {
    return this.#running === 0 && this.#waiting.size === 0 && this.#circuit.kind === 'closed';
  }

  deliver(request: OutboundRequest, bounds: Bounds): Promise<DeliveryResult> {
    const { clock, host, runningMax, waitingMax } = this.#options;
    const now = clock.monotonic();
    const way = admit(this.#circuit, now);
    if (this.#circuit.kind !== 'closed' && way === 'refuse') {
      return Promise.resolve(this.#refused(refusalReason(this.#circuit, { host, now })));
    }
    // A probe needs no place: all may be taken by requests that hang.
    if (way === 'probe') return this.#probe(request, bounds);
    if (this.#running < runningMax) return this.#send(request, bounds);
    if (this.#waiting.size < waitingMax) return this.#wait(request, bounds);
    return Promise.resolve(this.#refused(`Too many requests to ${host} are waiting`));
  }

  closeCircuit(): void {
    this.#become(CLOSED);
  }

  health(): Omit<RecipientHealth, 'accountId' | 'recipientId' | 'origin'> {
    const { clock } = this.#options;
    const now = clock.monotonic();
    const load = { running: this.#running, waiting: this.#waiting.size, waited: this.#waited };
    const circuit = this.#circuit;
    if (circuit.kind === 'closed') {
      return { state: 'closed', ...load, ...this.#window.counts(now), openedAt: null, nextProbeAt: null };
    }
    const epochMs = (instant: number) => Math.round(clock.now() - now + instant);
    const { kind, requests, errors, openedAt, probeAt } = circuit;
    return {
      state: kind,
      ...load,
      requests,
      errors,
      openedAt: epochMs(openedAt),
      nextProbeAt: epochMs(probeAt),
    };
  }

  #send(request: OutboundRequest, bounds: Bounds): Promise<DeliveryResult> {
    const era = this.#era;
    this.#running += 1;
    return this.#options.deliver(request, bounds).then((result) => {
      this.#running -= 1;
      if (era === this.#era) this.#learn(readSignal(result, bounds.timeoutMs));
      this.#startWaiting();
      return result;
    });
  }

  #probe(request: OutboundRequest, bounds: Bounds): Promise<DeliveryResult> {
    // A new era: of all that is under way only the probe decides.
    this.#era += 1;
    if (this.#circuit.kind !== 'closed') this.#become({ ...this.#circuit, kind: 'half_open' });
    return this.#send(request, bounds);
  }

  #learn(learned: Signal): void {
    const now = this.#options.clock.monotonic();
    if (this.#circuit.kind !== 'closed') this.#become(afterProbe(this.#circuit, { signal: learned, now }));
    else if (learned !== 'nothing') {
      this.#window.record({ isError: learned === 'error', now });
      if (learned === 'error') this.#become(afterOutcome(this.#window.counts(now), now));
    }
  }

  #become(circuit: Circuit): void {
    const before = this.#circuit;
    this.#circuit = circuit;
    if (before.kind === circuit.kind) return;
    if (before.kind === 'closed' || circuit.kind === 'closed') {
      this.#era += 1;
      this.#window.clear();
    }
    if (circuit.kind !== 'closed') this.#refuseWaiting(circuit);
    this.#options.onChange(circuit);
  }

  /** A request that waits would only lose its lead's time. */
  #refuseWaiting(circuit: Exclude<Circuit, { kind: 'closed' }>): void {
    const { host, clock } = this.#options;
    const reason = refusalReason(circuit, { host, now: clock.monotonic() });
    for (const waiter of [...this.#waiting]) waiter.giveUp(reason);
  }

  /** Waits for a place, no longer than the exchange may take; what is left then is the exchange's. */
  #wait(request: OutboundRequest, bounds: Bounds): Promise<DeliveryResult> {
    const { clock, host, startTimer } = this.#options;
    const deadline = clock.monotonic() + bounds.timeoutMs;
    this.#waited += 1;
    return new Promise((resolve) => {
      const leave = () => {
        callOff();
        bounds.signal?.removeEventListener('abort', onAbort);
        this.#waiting.delete(waiter);
      };
      const waiter: Waiter = {
        start: () => {
          const timeoutMs = deadline - clock.monotonic();
          if (timeoutMs < WORTH_SENDING_MS) return waiter.giveUp(this.#noPlaceIn(bounds.timeoutMs));
          leave();
          resolve(this.#send(request, { ...bounds, timeoutMs }));
        },
        giveUp: (reason) => {
          leave();
          resolve(this.#refused(reason));
        },
      };
      const onAbort = () => waiter.giveUp(`The request to ${host} was cancelled before it was sent`);
      const callOff = startTimer(bounds.timeoutMs, () => waiter.giveUp(this.#noPlaceIn(bounds.timeoutMs)));
      bounds.signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiter);
    });
  }

  #startWaiting(): void {
    for (const waiter of this.#waiting) {
      if (this.#running >= this.#options.runningMax) return;
      waiter.start();
    }
  }

  #noPlaceIn(ms: number): string {
    const { host, runningMax } = this.#options;
    return `${runningMax} requests to ${host} were under way for ${Number((ms / 1000).toFixed(1))} s`;
  }

  #refused(reason: string): DeliveryResult {
    const now = this.#options.clock.now();
    return { kind: 'unsent', reason, blame: 'us', sentAt: now, receivedAt: now };
  }
}
