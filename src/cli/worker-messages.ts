import type { DatabaseConnection } from '../store/database-connection.ts';

/** The messages of the primary to a worker. The secret key travels here and not in the environment, which `ps` shows. */
export type ToWorker =
  | { kind: 'start'; database: DatabaseConnection; secretKeyHex: string; isDemo: boolean }
  | { kind: 'drain' };

/**
 * The messages of a worker to the primary: that it has begun to read messages (one that came before would be lost), that it
 * listens, or the sentence why it cannot.
 */
export type FromWorker = { kind: 'reading' } | { kind: 'ready'; url: string } | { kind: 'refused'; sentence: string };
