import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * How long a server that stops still takes what arrives: connections that wait to be accepted, and requests on
 * connections that were idle. Closed at once, each of them would be reset with a request on it.
 */
const GRACE_MS = 250;
/** A request that is not whole by then is cut off: nothing else would end it once the server is closed. */
const UNFINISHED_MS_MAX = 15_000;

/** Turns of the event loop without a new connection after which none waits any more: each turn accepts one. */
const QUIET_ROUNDS = 3;
/** Twice the connections that the system lets wait: senders that never stop must not keep the server. */
const ROUNDS_MAX = 1_024;

export interface Drain {
  /** Resolves when the server may be closed. */
  start(): Promise<void>;
}

/** Looks after the connections of a server that stops (decision 0039). */
export function createDrain(server: Server): Drain {
  const sockets = new Set<Socket>();
  const underWay = new Map<Socket, number>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      underWay.delete(socket);
    });
  });
  server.on('request', (_req, res: ServerResponse) => {
    const { socket } = res;
    if (!socket) return;
    underWay.set(socket, (underWay.get(socket) ?? 0) + 1);
    res.once('close', () => {
      if (sockets.has(socket)) underWay.set(socket, (underWay.get(socket) ?? 1) - 1);
    });
  });

  /** On a busy machine connections wait to be accepted for longer than the grace. */
  async function acceptWaiting(): Promise<void> {
    let quiet = 0;
    for (let round = 0; round < ROUNDS_MAX && quiet < QUIET_ROUNDS; round += 1) {
      const before = accepted;
      await new Promise<void>((resolve) => setImmediate(resolve));
      quiet = accepted === before ? quiet + 1 : 0;
    }
  }

  function cutUnfinished(): void {
    for (const socket of sockets) {
      if ((underWay.get(socket) ?? 0) > 0) continue;
      if (socket.writable) socket.write(TOO_LATE);
      socket.destroySoon();
    }
  }

  return {
    async start() {
      if (!server.listening) return;
      setTimeout(cutUnfinished, UNFINISHED_MS_MAX).unref();
      await new Promise<void>((resolve) => setTimeout(resolve, GRACE_MS));
      await acceptWaiting();
      const silent = [...sockets].filter((socket) => socket.bytesRead === 0);
      // What the last of them sent is read in these turns.
      await acceptWaiting();
      // Node counts a connection on which nothing ever came as one with a request.
      for (const socket of silent) if (socket.bytesRead === 0) socket.destroy();
    },
  };
}

const TOO_LATE =
  'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n';
