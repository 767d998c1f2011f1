import { Agent, request } from 'undici';
import type { ServerProcess } from '../../../bench/sluice-server.ts';
import { pause } from '../stage.ts';
import type { Ledger } from '../traffic.ts';
import type { Ask, AskOptions, LimitPart, PartAnswer } from './part.ts';

export interface PartUnderLoad {
  part: LimitPart;
  /** What its senders were answered. */
  answers: PartAnswer[];
}

export interface Senders {
  /** Senders divide the parts among themselves; each has one thing under way. */
  start(parts: readonly PartUnderLoad[], count: number): { stop(): Promise<void> };
}

/** A sender that was refused, or whose server is gone, waits so long. */
const REFUSED_PAUSE_MS = 50;

/** `servers` is read for each question: a server that was killed is replaced in it. */
export function createSenders({ servers, ledger }: { servers: readonly ServerProcess[]; ledger: Ledger }): Senders {
  const ask = async (under: PartUnderLoad, options: AskOptions): Promise<PartAnswer | null> => {
    const at = options.server ?? Math.floor(Math.random() * servers.length);
    const server = servers[at % servers.length];
    const answer = server && !server.hasExited() ? await post(server, options) : null;
    if (answer === null) {
      await pause(REFUSED_PAUSE_MS);
      return null;
    }
    under.answers.push(answer);
    if (answer.leadId !== null) ledger.acknowledged.set(answer.leadId, answer.outcome);
    return answer;
  };
  return {
    start(parts, count) {
      let isStopped = false;
      const sendOn = async (index: number): Promise<void> => {
        const under = parts[index % parts.length];
        if (!under) return;
        const askOfPart: Ask = (options) => ask(under, options);
        while (!isStopped) {
          ledger.persons += 1;
          await under.part.send(ledger.persons, askOfPart);
        }
      };
      const running = Promise.all(Array.from({ length: count }, (_, index) => sendOn(index)));
      return {
        async stop() {
          isStopped = true;
          await running;
        },
      };
    },
  };
}

const CONNECTIONS_MAX = 256;
const agent = new Agent({ connections: CONNECTIONS_MAX });

/** null: no answer came, or one that takes nothing (503). */
async function post(server: ServerProcess, { path, values }: AskOptions): Promise<PartAnswer | null> {
  try {
    const { statusCode, headers, body } = await request(`http://127.0.0.1:${server.port}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
      body: new URLSearchParams(values).toString(),
      dispatcher: agent,
    });
    const text = await body.text();
    if (statusCode !== 201 && statusCode !== 200) return null;
    // An edge: the answer of a source, as spec behaviour 3 has it.
    const answer = JSON.parse(text) as { outcome: string; reason?: string; lead?: { id: string }; price?: number };
    const pingId = headers['x-ping-id'];
    return {
      outcome: answer.outcome,
      reason: answer.reason ?? null,
      leadId: answer.lead?.id ?? null,
      price: answer.price ?? 0,
      pingId: typeof pingId === 'string' ? pingId : null,
    };
  } catch {
    return null;
  }
}
