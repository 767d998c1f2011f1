import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { type AllowedNetwork, isForbiddenAddress } from '../forbidden-address.ts';
import { unsentReason } from './failure-reason.ts';
import { ForbiddenAddressError, guardLookup, type Resolve, resolveHost } from './guarded-connector.ts';

export interface SocketDeps {
  allowedNetworks: readonly AllowedNetwork[];
  /** Host name to addresses; the system's resolver by default. */
  resolve?: Resolve;
}

export type OpenedSocket = { kind: 'open'; socket: Socket } | { kind: 'failed'; reason: string };

/**
 * A connection for a protocol that is not HTTP, to a permitted address alone: the one that was checked is the one
 * connected to. Never throws.
 */
export async function openSocket(
  { host, port, timeoutMs, signal }: { host: string; port: number; timeoutMs: number; signal: AbortSignal },
  { allowedNetworks, resolve = resolveHost }: SocketDeps,
): Promise<OpenedSocket> {
  try {
    const isForbidden = (address: string) => isForbiddenAddress(address, port, allowedNetworks);
    // An address literal is never looked up.
    if (isIP(host) !== 0 && isForbidden(host)) throw new ForbiddenAddressError(host);
    const lookup = guardLookup(resolve, isForbidden);
    return { kind: 'open', socket: await connectTo({ host, port, lookup, timeoutMs, signal }) };
  } catch (error) {
    return { kind: 'failed', reason: unsentReason(error instanceof Error ? error : new Error('unknown'), host) };
  }
}

class ConnectTimeoutError extends Error {
  readonly code = 'UND_ERR_CONNECT_TIMEOUT';
}

class StoppedError extends Error {
  readonly code = 'UND_ERR_CLOSED';
}

function connectTo({
  timeoutMs,
  signal,
  ...place
}: {
  host: string;
  port: number;
  lookup: LookupFunction;
  timeoutMs: number;
  signal: AbortSignal;
}): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...place, noDelay: true });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => fail(new StoppedError());
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.setTimeout(timeoutMs, () => fail(new ConnectTimeoutError()));
    socket.once('error', fail);
    socket.once('close', () => signal.removeEventListener('abort', onAbort));
    socket.once('connect', () => {
      signal.removeEventListener('abort', onAbort);
      socket.setTimeout(0);
      socket.off('error', fail);
      resolve(socket);
    });
  });
}
