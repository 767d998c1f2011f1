import { createServer, connect as dial, type Socket } from 'node:net';
import type { TestDatabase } from './database.ts';

/** A wire to the database that a test can damage: what is connected through it sees what a bad network does. */
export interface DatabaseWire {
  /** For `new pg.Pool(connection)` and the stores. */
  connection: TestDatabase['connection'];
  /** From now on the server hears everything and its answers do not arrive. */
  withholdAnswers(): void;
  /** Cuts every connection; new ones work again. */
  cut(): void;
  close(): Promise<void>;
}

export async function openDatabaseWire(database: TestDatabase): Promise<DatabaseWire> {
  const { host, port } = database.connection;
  const sockets = new Set<Socket>();
  let isWithholding = false;
  const server = createServer((near) => {
    const far = host.startsWith('/') ? dial(`${host}/.s.PGSQL.${port}`) : dial(port, host);
    for (const [from, to] of [[near, far] as const, [far, near] as const]) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => {
      if (!isWithholding) near.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  const cut = () => {
    isWithholding = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    connection: { ...database.connection, host: '127.0.0.1', port: address.port },
    withholdAnswers: () => {
      isWithholding = true;
    },
    cut,
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
