import Fastify from 'fastify';
import type { Config } from './config.ts';
import type { Log } from './observe/log.ts';

/** How a database is reached: by the embedded server's socket or by DATABASE_URL. */
export type DatabaseConnection =
  | { host: string; port: number; user: string; database: string }
  | { connectionString: string };

export interface ServerOptions {
  /** With the demo, `allowPrivateNetworks` already holds the demo recipient's address. */
  config: Config;
  /** Migrated, and with an account. */
  database: DatabaseConnection;
  /** 32 bytes that stored credentials are encrypted with. */
  secretKey: Buffer;
  /** Tells this process from every other one that uses the database. */
  nodeName: string;
  log: Log;
}

export interface RunningServer {
  url: string;
  /** Takes no new leads, lets the running ones end, closes every connection. */
  stop(): Promise<void>;
}

/** Builds the server and starts to listen. Rejects with the listen error (EADDRINUSE …) when it cannot. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config } = options;
  const app = Fastify();
  app.get('/status', () => ({ product: 'sluice', pid: process.pid, status: 'ok' }));
  const url = await app.listen({ host: config.host, port: config.port });
  return { url, stop: () => app.close() };
}
