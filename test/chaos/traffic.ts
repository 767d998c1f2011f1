import { connect, type HttpAnswerView, type HttpConnection } from '../../bench/http-connection.ts';
import { createPersonRequest } from '../../bench/person-request.ts';

/** The answers to senders, over all servers and kills of a run. */
export interface Ledger {
  /** Lead id to the outcome the sender was answered with 201. */
  acknowledged: Map<string, string>;
  /** Answers that promise nothing (503 and the like), by status. */
  refused: Map<number, number>;
  /** So that every lead has a person of its own. */
  persons: number;
  /** Persons whose sender got no answer, or was refused: they are sent again. */
  unanswered: number[];
}

export function createLedger(): Ledger {
  return { acknowledged: new Map(), refused: new Map(), persons: 0, unanswered: [] };
}

export interface Traffic {
  /** Lets every request under way be answered, sends no more; resolves when all are. */
  drain(): Promise<void>;
  /** Resolves when the server has closed every connection and every answer it had sent is read. */
  lost: Promise<void>;
}

export interface TrafficOptions {
  port: number;
  /** Submit paths; connection i uses path i modulo their number. */
  paths: readonly string[];
  connections: number;
  ledger: Ledger;
}

/** Answers held by the test switch, recipients' delays and a recovery's waits all end well within it. */
const DRAIN_MS_MAX = 60_000;
/** A sender that was refused tries again after this, as `Retry-After` asks in longer units. */
const REFUSED_PAUSE_MS = 50;

/** A closed loop of senders, one request in flight on each connection, who record their answers. */
export async function startTraffic(options: TrafficOptions): Promise<Traffic> {
  const { ledger } = options;
  let isDraining = false;
  let idle = 0;
  let closed = 0;
  let onProgress = (): void => {};

  const openOne = async (index: number): Promise<HttpConnection> => {
    const request = createPersonRequest(options.paths[index % options.paths.length] ?? '/');
    let person: number | null = null;
    const next = (): void => {
      if (isDraining) {
        idle += 1;
        onProgress();
        return;
      }
      person = nextPerson(ledger);
      request.become(person);
      connection.send(request.bytes);
    };
    const giveBack = (): void => {
      if (person !== null) ledger.unanswered.push(person);
      person = null;
    };
    const connection = await connect({
      port: options.port,
      onAnswer(answer) {
        if (record(ledger, answer)) {
          person = null;
          next();
        } else {
          giveBack();
          setTimeout(next, REFUSED_PAUSE_MS);
        }
      },
      onClose() {
        giveBack();
        closed += 1;
        onProgress();
      },
    });
    next();
    return connection;
  };

  const connections = await Promise.all(Array.from({ length: options.connections }, (_, i) => openOne(i)));
  const lost = new Promise<void>((resolve) => {
    onProgress = () => closed === connections.length && resolve();
    onProgress();
  });
  return {
    lost,
    async drain() {
      isDraining = true;
      const answered = new Promise<void>((resolve) => {
        onProgress = () => idle + closed >= connections.length && resolve();
        onProgress();
      });
      await within(answered, DRAIN_MS_MAX, 'senders still wait for an answer');
      for (const connection of connections) connection.close();
    },
  };
}

function nextPerson(ledger: Ledger): number {
  const again = ledger.unanswered.shift();
  if (again !== undefined) return again;
  ledger.persons += 1;
  return ledger.persons - 1;
}

/** Notes an answer; false when it refused the lead. Throws when a 201 names no lead. */
function record(ledger: Ledger, answer: HttpAnswerView): boolean {
  if (answer.status !== 201) {
    ledger.refused.set(answer.status, (ledger.refused.get(answer.status) ?? 0) + 1);
    return false;
  }
  // An edge: the answer of a source, as spec behaviour 3 has it.
  const { outcome, lead } = JSON.parse(answer.body.toString('utf8')) as { outcome?: string; lead?: { id?: string } };
  if (outcome === undefined || lead?.id === undefined) throw new Error(`a 201 without a lead: ${answer.body}`);
  ledger.acknowledged.set(lead.id, outcome);
  return true;
}

/** Rejects with `why` when a promise takes longer than `msMax`. */
async function within<T>(promise: Promise<T>, msMax: number, why: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${why} after ${msMax / 1000} s`)), msMax);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
