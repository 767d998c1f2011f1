import { connect, type HttpConnection } from '../../bench/http-connection.ts';
import { createPersonRequest } from '../../bench/person-request.ts';

/** The answers to senders. */
export interface SteadyLedger {
  /** Ids of leads answered with 201. */
  acknowledged: string[];
  /** Other answers, by status. */
  refused: Map<number, number>;
  /** Sends that found no free connection: the server fell behind the rate. */
  skipped: number;
  /** Connections the server closed. */
  closed: number;
}

export interface SteadyTraffic {
  ledger: SteadyLedger;
  /** Leads a second from now on; 0 pauses. null: as many as the connections carry. */
  setRate(leadsPerSecond: number | null): void;
  /** Waits for every answer that is due, then closes. */
  end(): Promise<void>;
  /** Closes at once: its server was killed. */
  abandon(): void;
}

const TICK_MS = 20;
/** So many may be due at once after a stall; the rest is skipped, not made up for. */
const BURST_SECONDS = 0.5;

/** Senders at a fixed rate over keep-alive connections, one request in flight on each. */
export async function startSteadyTraffic(options: {
  port: number;
  path: string;
  connections: number;
}): Promise<SteadyTraffic> {
  const ledger: SteadyLedger = { acknowledged: [], refused: new Map(), skipped: 0, closed: 0 };
  const free: (() => void)[] = [];
  let rate: number | null = 0;
  let due = 0;
  let person = 0;
  let busy = 0;
  let isEnding = false;
  let onIdle = (): void => {};

  const openOne = async (): Promise<HttpConnection> => {
    const request = createPersonRequest(options.path);
    const send = (): void => {
      person += 1;
      busy += 1;
      request.become(person);
      connection.send(request.bytes);
    };
    const connection = await connect({
      port: options.port,
      onAnswer({ status, body }) {
        busy -= 1;
        if (status === 201) ledger.acknowledged.push(leadIdOf(body));
        else ledger.refused.set(status, (ledger.refused.get(status) ?? 0) + 1);
        if (rate === null && !isEnding) send();
        else free.push(send);
        if (busy === 0) onIdle();
      },
      onClose() {
        if (!isEnding) ledger.closed += 1;
      },
    });
    free.push(send);
    return connection;
  };

  const connections = await Promise.all(Array.from({ length: options.connections }, openOne));
  const timer = setInterval(() => {
    if (rate === null) return;
    due = Math.min(due + (rate * TICK_MS) / 1000, rate * BURST_SECONDS);
    for (; due >= 1; due -= 1) {
      const send = free.shift();
      if (send) send();
      else ledger.skipped += 1;
    }
  }, TICK_MS);

  return {
    ledger,
    setRate(leadsPerSecond) {
      rate = leadsPerSecond;
      due = 0;
      if (rate === null) for (const send of free.splice(0)) send();
    },
    async end() {
      isEnding = true;
      clearInterval(timer);
      if (busy > 0) {
        await new Promise<void>((resolve) => {
          onIdle = resolve;
        });
      }
      for (const connection of connections) connection.close();
    },
    abandon() {
      isEnding = true;
      clearInterval(timer);
      for (const connection of connections) connection.close();
    },
  };
}

function leadIdOf(body: Buffer): string {
  // An edge: the answer of a source, as spec behaviour 3 has it.
  const { lead } = JSON.parse(body.toString('utf8')) as { lead?: { id?: string } };
  if (lead?.id === undefined) throw new Error(`a 201 without a lead: ${body}`);
  return lead.id;
}
