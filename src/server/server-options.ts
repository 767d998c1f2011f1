import type { ScryptCost } from '../access/users/password-hash.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../observe/log.ts';
import type { DatabaseConnection } from '../store/database-connection.ts';
import type { PostgresRunStore, RunStoreOptions } from '../store/postgres/run-store.ts';

export interface ServerOptions {
  /** With the demo, `allowPrivateNetworks` already holds the demo recipient's address. */
  config: Config;
  /** Migrated, and with an account. */
  database: DatabaseConnection;
  /** 32 bytes that stored credentials are encrypted with. */
  secretKey: Buffer;
  /** Identifies this process among all that use the database. */
  nodeName: string;
  log: Log;
  /** Where the built console is, if not in the package: a test has its own. */
  consoleFolder?: string;
  /** This machine's clock; a test may give a wrong one. */
  machineClock?: Clock;
  /** What the hash of a password costs; tests hash hundreds and give a low one. */
  passwordCost?: ScryptCost;
  /** How many times as often as in production duties run; a test that waits for them gives more than 1. */
  dutyPace?: number;
  /** Another store for the leads' own path: the benchmark's peer. */
  openRunStore?: (options: RunStoreOptions) => PostgresRunStore;
}

export interface RunningServer {
  url: string;
  /** Ends when the server is warm; never rejects. */
  warmed: Promise<void>;
  /** Takes no new leads, lets the running ones end, closes every connection. */
  stop(): Promise<void>;
}
