import { createHash } from 'node:crypto';
import type { AllowedNetwork } from '../integrations/forbidden-address.ts';
import { type Resolve, resolveHost } from '../integrations/http-client/guarded-connector.ts';
import type { MailMessage, MailServer } from '../integrations/mail-message.ts';
import type { Clock } from '../lib/clock.ts';
import { MailLane } from './mail-lane.ts';
import type { MailFault, MailResult } from './mail-result.ts';
import { openSmtpSession } from './smtp-session.ts';
import { writeMail } from './write-mail.ts';

export interface MailerOptions {
  clock: Clock;
  /** Networks that may be reached although they are not public; none by default. */
  allowedNetworks?: readonly AllowedNetwork[];
  /** Host name to addresses; the system's resolver by default. */
  resolve?: Resolve;
  /** Certificates of authorities in the place of those that Node knows. */
  authorities?: readonly string[];
}

export interface Mailer {
  /** Hands one message to the server, within `timeoutMs` as a whole. Never throws. */
  send(server: MailServer, message: MailMessage, bounds: { timeoutMs: number }): Promise<MailResult>;
  /** Connects, encrypts and logs in, and sends nothing. null: it works. */
  check(server: MailServer, bounds: { timeoutMs: number }): Promise<MailFault | null>;
  /** Lets messages under way end, refuses new ones and closes every connection. */
  close(): Promise<void>;
}

/** Mail servers with open connections; the one unused the longest makes room. */
const SERVERS_MAX = 200;

/** The one place that sends mail: bounded connections for each server and user, kept open for a while between messages. */
export function createMailer(options: MailerOptions): Mailer {
  const { clock, allowedNetworks = [], resolve = resolveHost, authorities } = options;
  const dialling = { allowedNetworks, resolve, authorities };
  /** Least recently used first. */
  const lanes = new Map<string, MailLane>();
  let isClosed = false;

  function laneOf(server: MailServer): MailLane | undefined {
    const key = keyOf(server);
    const known = lanes.get(key);
    if (!known && lanes.size >= SERVERS_MAX && !makeRoom()) return undefined;
    const lane = known ?? new MailLane({ host: server.host, open: (timeoutMs) => open(server, timeoutMs) });
    lanes.delete(key);
    lanes.set(key, lane);
    return lane;
  }

  function makeRoom(): boolean {
    for (const [key, lane] of lanes) {
      if (!lane.isIdle) continue;
      lane.close();
      return lanes.delete(key);
    }
    return false;
  }

  const open = (server: MailServer, timeoutMs: number) => openSmtpSession(server, { ...dialling, timeoutMs });

  return {
    send: async (server, message, { timeoutMs }) => {
      const startedAt = clock.monotonic();
      try {
        const written = await writeMail(message, clock.now());
        if (!written.ok) return refuse(written.error);
        const lane = isClosed ? undefined : laneOf(server);
        if (!lane)
          return {
            ...refuse(isClosed ? 'The server is stopping' : 'Too many mail servers at once'),
            isWorthRetry: true,
          };
        return await lane.send(written.value, Math.max(1, timeoutMs - (clock.monotonic() - startedAt)));
      } catch (error) {
        // A fault of ours; the message may be out, and must not be repeated for it.
        const name = error instanceof Error ? error.name : typeof error;
        return { kind: 'unknown', reason: `Sending mail failed (${name})`, blame: 'us' };
      }
    },
    check: async (server, { timeoutMs }) => {
      const opened = await open(server, timeoutMs);
      if (opened.ok) opened.value.close();
      return opened.ok ? null : opened.error;
    },
    close: async () => {
      isClosed = true;
      await Promise.all([...lanes.values()].map((lane) => lane.drained()));
      for (const lane of lanes.values()) lane.close();
      lanes.clear();
    },
  };
}

function refuse(reason: string): Extract<MailFault, { kind: 'unsent' }> {
  return { kind: 'unsent', reason, blame: 'us', isWorthRetry: false };
}

/** Of everything a connection depends on; the password is not kept as it is. */
function keyOf({ host, port, security, username = '', password = '' }: MailServer): string {
  return createHash('sha256')
    .update(JSON.stringify([host, port, security, username, password]))
    .digest('base64');
}
