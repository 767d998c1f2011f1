import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import Fastify from 'fastify';
import { type IngestDeps, registerSubmit } from '../../http/ingest/submit.ts';
import type { InboundRequest } from '../../integrations/contract.ts';
import { createTraceId } from '../../observe/trace-ids.ts';

/** The submit URLs of a server, behind connections that this process has with itself. */
export interface LoopbackEdge {
  /** Sends one request over a connection that is free, and returns the status of its answer. */
  send(lane: number, request: InboundRequest): Promise<number>;
  close(): Promise<void>;
}

export const LOOPBACK_HOST = '127.0.0.1';
/** Answers to made-up leads are short; one without an end must not fill the memory. */
const ANSWER_BYTES_MAX = 1024 * 1024;

/** Opens so many connections; the port is closed again before the first request, so that nothing else reaches it. */
export async function openLoopbackEdge(deps: IngestDeps, lanes: number): Promise<LoopbackEdge> {
  const app = Fastify({ genReqId: () => createTraceId() });
  await app.register((scope) => registerSubmit(scope, deps));
  await app.ready();
  const accepted: Socket[] = [];
  const listener = createServer({ noDelay: true }, (socket) => {
    accepted.push(socket);
    app.server.emit('connection', socket);
    if (accepted.length === lanes) listener.close();
  });
  const port = await listenOnLoopback(listener);
  const clients = await Promise.all(Array.from({ length: lanes }, () => openClient(port)));
  return {
    send: (lane, request) => {
      const client = clients[lane];
      return client ? client.send(writeRequest(request)) : Promise.reject(new Error(`there is no lane ${lane}`));
    },
    close: async () => {
      for (const client of clients) client.destroy();
      for (const socket of accepted) socket.destroy();
      await app.close();
    },
  };
}

/** Listens on a free port that other machines cannot reach, and returns it. */
export async function listenOnLoopback(server: ReturnType<typeof createServer>): Promise<number> {
  // Exclusive: the workers of a cluster would share the port, and each other's connections.
  server.listen({ host: LOOPBACK_HOST, port: 0, exclusive: true });
  await once(server, 'listening');
  // listen() on a port always yields an AddressInfo.
  return (server.address() as AddressInfo).port;
}

async function openClient(port: number) {
  const socket = connect({ host: LOOPBACK_HOST, port, noDelay: true });
  let text = '';
  let waiting: { resolve(status: number): void; reject(error: Error): void } | null = null;
  const end = (error: Error): void => {
    waiting?.reject(error);
    waiting = null;
  };
  socket.on('error', end);
  socket.on('close', () => end(new Error('the connection to itself was closed')));
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    if (text.length > ANSWER_BYTES_MAX) socket.destroy();
    if (!isWhole(text)) return;
    const status = Number(text.slice(STATUS_AT, STATUS_AT + 3));
    text = '';
    waiting?.resolve(status);
    waiting = null;
  });
  await once(socket, 'connect');
  return {
    send: (request: string) =>
      new Promise<number>((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      }),
    destroy: () => socket.destroy(),
  };
}

function writeRequest({ method, uri, headers, body }: InboundRequest): string {
  const all = { Host: 'localhost', ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${uri} HTTP/1.1`, ...lines, '', body].join('\r\n');
}

const HEAD_END = '\r\n\r\n';
const STATUS_AT = 'HTTP/1.1 '.length;

/** Has all of a message with a Content-Length, or without a body, arrived? */
export function isWhole(text: string): boolean {
  const bodyAt = text.indexOf(HEAD_END) + HEAD_END.length;
  if (bodyAt < HEAD_END.length) return false;
  const length = Number(/^content-length: (\d+)/im.exec(text.slice(0, bodyAt))?.[1] ?? 0);
  return text.length >= bodyAt + length;
}
