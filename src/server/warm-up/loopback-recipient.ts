import { createServer, type Socket } from 'node:net';
import type { Deliver } from '../../integrations/contract.ts';
import { parseAllowedNetwork } from '../../integrations/forbidden-address.ts';
import { createHttpClient } from '../../integrations/http-client.ts';
import { assert } from '../../lib/assert.ts';
import type { Clock } from '../../lib/clock.ts';
import { isWhole, LOOPBACK_HOST, listenOnLoopback } from './loopback-edge.ts';

/** A recipient in this process that takes every lead, and the HTTP client that reaches it alone. */
export interface LoopbackRecipient {
  /** Sends every request here, whatever its URL. */
  deliver: Deliver;
  close(): Promise<void>;
}

const BODY = '{"outcome":"success","reason":"","price":"1.50"}';
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
/** A made-up lead is short; whatever is longer is given up. */
const REQUEST_CHARACTERS_MAX = 1024 * 1024;

export async function openLoopbackRecipient(clock: Clock): Promise<LoopbackRecipient> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    answerAll(socket);
  });
  const port = await listenOnLoopback(server);
  const own = parseAllowedNetwork(`${LOOPBACK_HOST}/32:${port}`);
  assert(own.ok, 'the loopback address is a network');
  const client = createHttpClient({ clock, allowedNetworks: [own.value] });
  return {
    deliver: (request, limits) => client.deliver({ ...request, url: `http://${LOOPBACK_HOST}:${port}/` }, limits),
    close: async () => {
      await client.close();
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function answerAll(socket: Socket): void {
  let text = '';
  // The client may break its connections whenever it is closed.
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    if (text.length > REQUEST_CHARACTERS_MAX) socket.destroy();
    if (!isWhole(text)) return;
    text = '';
    socket.write(ANSWER);
  });
}
