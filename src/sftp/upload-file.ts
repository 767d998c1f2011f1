import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { posix } from 'node:path';
import type { default as SftpClient } from 'ssh2-sftp-client';
import { openSocket, type SocketDeps } from '../integrations/http-client/open-socket.ts';

/** Who asks an SFTP server, and how it is recognised. */
export interface SftpLogin {
  host: string;
  port: number;
  username: string;
  password?: string | undefined;
  /** In PEM or OpenSSH form. */
  privateKey?: string | undefined;
  passphrase?: string | undefined;
  /** The fingerprint of the server's key, `SHA256:…`; absent: every key is taken. */
  hostKey?: string | undefined;
}

export interface SftpDeps extends SocketDeps {
  startTimer(ms: number, onEnd: () => void): () => void;
}

/** `fingerprint`: of the server's key, when it got that far. */
export type SftpEnd =
  | { kind: 'done'; fingerprint: string | null }
  | { kind: 'failed'; reason: string; fingerprint: string | null };

export interface SftpBounds {
  timeoutMs: number;
  signal: AbortSignal;
}

/** Connecting alone, ms; a host that does not answer is met early. */
const CONNECT_TIMEOUT_MS = 15_000;

/**
 * Puts a file into a folder of an SFTP server: first under a temporary name, so that no reader gets half of it, then under
 * its own, where it replaces a file of that name: it is the same one, sent before. Never throws.
 */
export function uploadFile(
  login: SftpLogin,
  file: { folder: string; name: string; content: Buffer },
  bounds: SftpBounds & { deps: SftpDeps },
): Promise<SftpEnd> {
  return withClient(login, bounds, async (client) => {
    const path = posix.join(file.folder, file.name);
    const partial = posix.join(file.folder, `.${file.name}.part`);
    await write(client, partial, file.content);
    await replace(client, partial, path);
  });
}

/** Logs in and asks for the home folder: whether the credential works. */
export function tryLogin(login: SftpLogin, bounds: SftpBounds & { deps: SftpDeps }): Promise<SftpEnd> {
  return withClient(login, bounds, async (client) => {
    await client.cwd();
  });
}

/**
 * Writes and closes a file. By a stream of its own: the one of `put` closes itself on a fault, and then counts as written.
 * What the server has of it is compared before the upload is reported.
 */
async function write(client: SftpClient, path: string, content: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stream = client.createWriteStream(path, { autoClose: false });
    stream.once('error', reject);
    stream.once('close', resolve);
    stream.once('finish', () => stream.destroy());
    stream.end(content);
  });
  const { size } = await client.stat(path);
  if (size !== content.length) throw new Error('no space: the file is not whole');
}

/** A server without the extension of OpenSSH takes no name that is there. */
async function replace(client: SftpClient, from: string, to: string): Promise<void> {
  try {
    await client.posixRename(from, to);
  } catch {
    // What is in the way is this file, sent before; where nothing is, that is no fault.
    await client.delete(to, true);
    await client.rename(from, to);
  }
}

async function withClient(
  login: SftpLogin,
  { timeoutMs, signal, deps }: SftpBounds & { deps: SftpDeps },
  work: (client: SftpClient) => Promise<void>,
): Promise<SftpEnd> {
  const { host, port } = login;
  const opened = await openSocket({ host, port, timeoutMs: Math.min(CONNECT_TIMEOUT_MS, timeoutMs), signal }, deps);
  if (opened.kind === 'failed') return { kind: 'failed', reason: opened.reason, fingerprint: null };
  const { socket } = opened;
  const seen: { fingerprint: string | null } = { fingerprint: null };
  let cut: string | null = null;
  const cutOff = (reason: string) => (): void => {
    cut ??= reason;
    socket.destroy();
  };
  const callOff = deps.startTimer(timeoutMs, cutOff(`${host} did not answer in time`));
  const onAbort = cutOff('the server is stopping');
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await speak({ login, socket, seen, work });
    return { kind: 'done', ...seen };
  } catch (error) {
    return { kind: 'failed', reason: cut ?? describeFault(error, { login, seen }), ...seen };
  } finally {
    callOff();
    signal.removeEventListener('abort', onAbort);
    socket.destroy();
  }
}

/** The package is loaded at its first use. */
async function speak({
  login,
  socket,
  seen,
  work,
}: {
  login: SftpLogin;
  socket: Socket;
  seen: { fingerprint: string | null };
  work: (client: SftpClient) => Promise<void>;
}): Promise<void> {
  const { default: Client } = await import('ssh2-sftp-client');
  const client = new Client('sluice', { error: ignore, end: ignore, close: ignore });
  // A socket that is cut off while nothing waits on it would end the process.
  socket.on('error', ignore);
  const { username, password, privateKey, passphrase, hostKey } = login;
  const closed = new Promise<never>((_, reject) => {
    socket.once('close', () => reject(new ConnectionEnded()));
  });
  const done = (async () => {
    await client.connect({
      sock: socket,
      username,
      ...(password === undefined ? {} : { password }),
      ...(privateKey === undefined ? {} : { privateKey }),
      ...(passphrase === undefined ? {} : { passphrase }),
      hostVerifier: (key: Buffer) => {
        seen.fingerprint = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
        return hostKey === undefined || sameFingerprint(hostKey, seen.fingerprint);
      },
    });
    await work(client);
  })();
  closed.catch(ignore);
  done.catch(ignore);
  // What the package reports comes before the end of the connection that follows from it.
  await Promise.race([done, closed.catch((error) => pauseFor(done, error))]);
}

/** Gives the package its turn to say why, when the connection has ended. */
function pauseFor(done: Promise<void>, error: unknown): Promise<never> {
  return new Promise((_, reject) => {
    done.catch(reject);
    setImmediate(() => setImmediate(() => reject(error)));
  });
}

function sameFingerprint(given: string, seen: string): boolean {
  return given.trim().replace(/=+$/, '') === seen;
}

class ConnectionEnded extends Error {}

/** By the codes and fixed words of the package and of SFTP; its messages may carry paths, which are names of files. */
const FAULTS: readonly [words: RegExp, reason: (host: string) => string][] = [
  [/host denied|verification failed/i, (host) => `${host} has another host key than the credential says`],
  [
    /authentication methods failed|authentication failure/i,
    (host) => `${host} refused the user name, the password or the key`,
  ],
  [
    /cannot parse privatekey|bad passphrase|encrypted .*no passphrase/i,
    () => 'The private key of the credential cannot be read',
  ],
  [/permission denied/i, (host) => `${host} does not let the user write into the folder`],
  [/no such file|does not exist/i, (host) => `${host} has no such folder`],
  [/no space|quota|disk full/i, (host) => `${host} has no space left`],
  [
    /unexpected (end|close)|connection (lost|closed)|no (sftp connection|response)|not connected/i,
    (host) => `${host} ended the connection`,
  ],
  [/timed out/i, (host) => `${host} did not answer in time`],
];

function describeFault(
  error: unknown,
  { login, seen }: { login: SftpLogin; seen: { fingerprint: string | null } },
): string {
  const { host } = login;
  if (error instanceof ConnectionEnded)
    return seen.fingerprint === null ? `${host} does not speak SFTP` : `${host} ended the connection`;
  const text = error instanceof Error ? error.message : '';
  // Before a key is exchanged it was no SSH server, unless the fault is ours.
  const known = FAULTS.find(([words]) => words.test(text));
  if (seen.fingerprint === null && !/private ?key|passphrase/i.test(text)) return `${host} does not speak SFTP`;
  return known ? known[1](host) : `${host} refused the file`;
}

function ignore(): void {}
