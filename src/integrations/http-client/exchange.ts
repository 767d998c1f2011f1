import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Blame } from '../contract.ts';
import { isOurFault, unknownReason, unsentReason } from './failure-reason.ts';
import type { PreparedRequest } from './prepare-request.ts';

/** What one request and its answer came to, before redirects and decoding. */
export type ExchangeResult =
  | { kind: 'answered'; status: number; headers: IncomingHttpHeaders; body: Buffer; isTruncated: boolean }
  | { kind: 'unsent' | 'unknown'; reason: string; blame: Blame };

export interface ExchangeLimits {
  timeoutMs: number;
  responseBytesMax: number;
  signal?: AbortSignal | undefined;
}

/**
 * One request on its way. undici calls `onRequestStart` after the connection stands and right before the first byte is
 * written, and that moment alone decides what a fault means: before it nothing left (`unsent`), after it the recipient
 * may have read everything (`unknown`, decision 24). A handler instead of undici's `request` because that hides it.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly result: Promise<ExchangeResult>;
  readonly request: PreparedRequest;
  /** Called once when undici has let go of the request; the connection is free or gone. */
  onReleased: () => void = () => {};
  /** Until it has a place among the origin's connections, time that runs out is not the recipient's fault. */
  isStarted = false;
  readonly #limits: ExchangeLimits;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = () => {
    const { host } = this.request.url;
    this.#giveUp('us', {
      unsent: `The request to ${host} was cancelled before it was sent`,
      unknown: `The request to ${host} was sent and cancelled before the answer`,
    });
  };
  #resolve: (result: ExchangeResult) => void = () => {};
  #isSettled = false;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(request: PreparedRequest, limits: ExchangeLimits) {
    this.request = request;
    this.#limits = limits;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#timer = setTimeout(() => this.#onTimeout(), limits.timeoutMs);
    limits.signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (limits.signal?.aborted) this.#onAbort();
  }

  /** A settled exchange that has not started yet must not be started any more. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Ends an exchange that was never started. */
  refuse(reason: string): void {
    this.#settle({ kind: 'unsent', reason, blame: 'us' });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Settled while waiting for a connection; or undici wants to send again what may have been read already.
    if (this.#isSettled || this.#controller) controller.abort(new Error('no longer wanted'));
    else this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // 1xx answers announce the real one.
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const room = this.#limits.responseBytesMax - this.#bytes;
    this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    this.#bytes += chunk.length;
    if (chunk.length <= room) return;
    this.#answer({ isTruncated: true });
    controller.abort(new Error('the answer is too long to be read'));
  }

  onResponseEnd(): void {
    this.#answer({ isTruncated: false });
    this.onReleased();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const { host } = this.request.url;
    this.#settle(
      this.#controller
        ? { kind: 'unknown', reason: unknownReason(error, host), blame: 'recipient' }
        : { kind: 'unsent', reason: unsentReason(error, host), blame: isOurFault(error) ? 'us' : 'recipient' },
    );
    this.onReleased();
  }

  #onTimeout(): void {
    const { host } = this.request.url;
    const seconds = Number((this.#limits.timeoutMs / 1000).toFixed(1));
    this.#giveUp(this.isStarted ? 'time' : 'us', {
      unsent: `No connection to ${host} within ${seconds} s`,
      unknown: `The request was sent and ${host} did not answer within ${seconds} s`,
    });
  }

  #giveUp(blame: Blame, reasons: { unsent: string; unknown: string }): void {
    const kind = this.#controller ? 'unknown' : 'unsent';
    this.#settle({ kind, reason: reasons[kind], blame });
    this.#controller?.abort(new Error('given up'));
  }

  #answer({ isTruncated }: { isTruncated: boolean }): void {
    const body = Buffer.concat(this.#chunks);
    this.#settle({ kind: 'answered', status: this.#status, headers: this.#headers, body, isTruncated });
  }

  #settle(result: ExchangeResult): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    clearTimeout(this.#timer);
    this.#limits.signal?.removeEventListener('abort', this.#onAbort);
    this.#chunks = [];
    this.#resolve(result);
  }
}
