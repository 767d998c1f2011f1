import pg from 'pg';
import { CONFIG_CHANNEL } from './accounts.ts';

/** Hears of configuration changes at once; a change it misses while disconnected is found by the poll. */
export interface ConfigListener {
  /** Connects again when the connection was lost; cheap when it stands. */
  ensure(): Promise<void>;
  close(): Promise<void>;
}

const ANSWER_MS_MAX = 5_000;

export function createConfigListener(connection: pg.ClientConfig, onChange: () => void): ConfigListener {
  let client: pg.Client | null = null;

  async function ensure(): Promise<void> {
    if (client) return;
    const fresh = new pg.Client({
      ...connection,
      application_name: 'sluice listen',
      connectionTimeoutMillis: ANSWER_MS_MAX,
      query_timeout: ANSWER_MS_MAX,
    });
    const forget = () => {
      if (client === fresh) client = null;
    };
    fresh.on('error', forget);
    fresh.on('end', forget);
    fresh.on('notification', onChange);
    try {
      await fresh.connect();
      await fresh.query(`listen ${CONFIG_CHANNEL}`);
    } catch (error) {
      // A server that takes connections and refuses to listen (a standby) would be left one at every attempt.
      void fresh.end().catch(() => undefined);
      throw error;
    }
    client = fresh;
    // What changed before we listened was not heard.
    onChange();
  }

  return {
    ensure,
    close: async () => {
      const current = client;
      client = null;
      await current?.end();
    },
  };
}
