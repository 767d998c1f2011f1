import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * How long a server that stops still takes what arrives: connections that wait to be accepted, and requests on
 * connections that were idle. Closed at once, each of them would be reset with a request on it.
 */
const GRACE_MS = 250;
/** A request that is not whole by then is cut off: nothing else would end it once the server is closed. */
const UNFINISHED_MS_MAX = 15_000;

/** Turns of the event loop in which what arrived during the grace is read. */
const READ_ROUNDS = 3;

export interface Drain {
  /** Resolves when the server may be closed. */
  start(): Promise<void>;
}

/** Looks after the connections of a server that stops (decision 0039). */
export function createDrain(server: Server): Drain {
  const sockets = new Set<Socket>();
  const underWay = new Map<Socket, number>();
  server.on('connection', (socket: Socket) => {
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
      const silent = [...sockets].filter((socket) => socket.bytesRead === 0);
      // The loop accepts and reads what is there, so that as little as possible arrives before the close.
      for (let round = 0; round < READ_ROUNDS; round += 1) await new Promise<void>((resolve) => setImmediate(resolve));
      // Node counts a connection on which nothing ever came as one with a request.
      for (const socket of silent) if (socket.bytesRead === 0) socket.destroy();
    },
  };
}

const TOO_LATE =
  'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n';
