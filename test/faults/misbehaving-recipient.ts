import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** What a recipient does with a connection. `request` resolves when the whole request was read. */
export type Behaviour = (connection: Connection) => void | Promise<void>;

export interface Connection {
  socket: Socket;
  request: Promise<string>;
  /** Of this recipient, for redirects. */
  url: string;
}

export type Certificate = 'trusted' | 'other-name' | 'expired' | 'self-signed';

export interface MisbehavingRecipient {
  url: string;
  /** Whole requests it has read. */
  requests(): number;
  close(): Promise<void>;
}

/** The authority that a server under test trusts, for NODE_EXTRA_CA_CERTS. */
export const AUTHORITY = certificatePath('authority');

/** A server on a port of its own that speaks raw bytes, so that it can do what no HTTP library lets it. */
export async function openMisbehavingRecipient(
  behave: Behaviour,
  certificate?: Certificate,
): Promise<MisbehavingRecipient> {
  const sockets = new Set<Socket>();
  let url = '';
  let requests = 0;
  const onConnection = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // The client cuts connections: that is what is tested.
    socket.on('error', () => undefined);
    const request = readRequest(socket);
    void request.then(() => {
      requests += 1;
    });
    void behave({ socket, request, url });
  };
  const server = certificate
    ? createTlsServer({ key: readPem('key'), cert: readPem(certificate) }, onConnection)
    : createServer(onConnection);
  const { port } = await listening(server);
  url = `${certificate ? 'https' : 'http'}://127.0.0.1:${port}/`;
  return {
    url,
    requests: () => requests,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function listening(server: Server): Promise<AddressInfo> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo)); // a TCP server has a port
  });
}

/** Bodies of the client have a Content-Length, or are none. Never resolves when the connection ends before. */
function readRequest(socket: Socket): Promise<string> {
  let text = '';
  return new Promise((resolve) => {
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const headEnd = text.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length >= headEnd + 4 + length) resolve(text);
    });
  });
}

function readPem(name: string): string {
  return readFileSync(certificatePath(name), 'utf8');
}

function certificatePath(name: string): string {
  return new URL(`./certificates/${name}.pem`, import.meta.url).pathname;
}
