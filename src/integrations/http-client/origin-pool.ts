import { type buildConnector, Pool } from 'undici';
import { createSlots } from '../../lib/slots.ts';
import type { Exchange } from './exchange.ts';

/** Most servers keep idle connections 5 s or longer; letting go first avoids requests into a closing connection. */
const KEEP_ALIVE_MS = 4_000;
/** The longest a recipient's own `Keep-Alive: timeout=` is believed. */
const KEEP_ALIVE_MS_MAX = 60_000;

/**
 * The connections to one origin and the exchanges that wait for one. The waiting line is ours, not undici's, because an
 * exchange that ran out of time in undici's line costs a healthy connection when its turn comes.
 */
export class OriginPool {
  readonly #pool: Pool;
  readonly #connectionsMax: number;
  readonly #waitingMax: number;
  #waiting: Exchange[] = [];
  readonly #running = createSlots<Exchange>();

  constructor(
    origin: string,
    options: { connect: buildConnector.connector; connectionsMax: number; waitingMax: number },
  ) {
    this.#connectionsMax = options.connectionsMax;
    this.#waitingMax = options.waitingMax;
    this.#pool = new Pool(origin, {
      connect: options.connect,
      connections: options.connectionsMax,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS_MAX,
      // The exchange's own timer bounds the whole; undici's are per part and coarse (half a second).
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  get isIdle(): boolean {
    return this.#running.count() === 0;
  }

  /** Starts the exchange, lets it wait for a free connection, or refuses it when the line is full. */
  submit(exchange: Exchange): void {
    if (this.#waiting.length >= this.#waitingMax) this.#waiting = this.#waiting.filter((one) => !one.isSettled);
    if (this.#running.count() < this.#connectionsMax) this.#start(exchange);
    else if (this.#waiting.length < this.#waitingMax) this.#waiting.push(exchange);
    else exchange.refuse(`Too many requests to ${exchange.request.url.host} are waiting`);
  }

  /** Lets running exchanges finish and refuses waiting ones. */
  async close(): Promise<void> {
    for (const exchange of this.#waiting.splice(0)) {
      exchange.refuse(`The request to ${exchange.request.url.host} was not sent because the server is stopping`);
    }
    await Promise.all(this.#running.list().map(({ result }) => result));
    // Not the pool's own graceful close: that also waits for connections whose exchange has run out of time.
    await this.#pool.destroy();
  }

  #start(exchange: Exchange): void {
    if (exchange.isSettled) return;
    const slot = this.#running.enter(exchange);
    exchange.isStarted = true;
    exchange.onReleased = () => this.#release(slot, exchange);
    const { url, method, headers, body } = exchange.request;
    this.#pool.dispatch({ path: url.pathname + url.search, method, headers, body: body ?? null }, exchange);
  }

  #release(slot: number, exchange: Exchange): void {
    this.#running.leave(slot, exchange);
    while (this.#running.count() < this.#connectionsMax) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#start(next);
    }
  }
}
