import dns from 'node:dns';
import net, { isIP } from 'node:net';
import { type AllowedNetwork, isForbiddenAddress } from '../../forbidden-address.ts';
import { runningCall } from './running-call.ts';

/** A connection that the guard refused. */
class RefusedConnection extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface GuardOptions {
  allowedNetworks: readonly AllowedNetwork[];
  /** Does any `handle` run? Only then may a package connect at all. */
  isSending(): boolean;
}

/** The properties of a connection that the guard looks at; everything else is passed on. */
interface Target {
  host?: unknown;
  port?: unknown;
  path?: unknown;
  lookup?: unknown;
}

type Found = string | { address: string; family: number }[];
type FoundBack = (error: Error | null, found?: Found, family?: number) => void;
type Lookup = (hostname: string, options: object, back: FoundBack) => void;

/**
 * Guards every connection of this thread: `http`, `https`, `tls`, `http2`, `fetch` and every client library end up in
 * the one method that is replaced here. Only permitted addresses are reached, and the address that was checked is the
 * one connected to, so that a name with a second address gains nothing (architecture 7).
 */
export function guardConnections({ allowedNetworks, isSending }: GuardOptions): void {
  const { connect } = net.Socket.prototype;
  const systemLookup = dns.lookup as Lookup; // its overloads end in this one
  const refusalOf = ({ host, port, path }: Target): RefusedConnection | undefined => {
    if (!isSending() || runningCall.getStore()?.controller.signal.aborted) {
      return new RefusedConnection('NOT_SENDING', 'a package connects only while it handles a lead');
    }
    if (path) return new RefusedConnection('FORBIDDEN_ADDRESS', 'local sockets are not allowed');
    const isForbidden =
      typeof host === 'string' && isIP(host) !== 0 && isForbiddenAddress(host, Number(port), allowedNetworks);
    return isForbidden ? forbidden(host) : undefined;
  };

  function guardedConnect(this: net.Socket, ...given: unknown[]): net.Socket {
    const { target, back } = readArguments(given);
    const refusal = refusalOf(target);
    if (refusal) {
      process.nextTick(() => this.destroy(refusal));
      return this;
    }
    const lookup = typeof target.lookup === 'function' ? (target.lookup as Lookup) : systemLookup; // net's own contract
    const isPermitted = (address: string) => !isForbiddenAddress(address, Number(target.port), allowedNetworks);
    return Reflect.apply(connect, this, [{ ...target, lookup: guardedLookup(lookup, isPermitted) }, back]);
  }
  Object.defineProperty(net.Socket.prototype, 'connect', {
    value: guardedConnect,
    configurable: false,
    writable: false,
  });
}

function forbidden(host: string): RefusedConnection {
  return new RefusedConnection('FORBIDDEN_ADDRESS', `${host} has no public address, and private ones are not allowed`);
}

/** The forms of `socket.connect`: options, port and host, path, or the list that Node passes itself. Copied, so that what is checked stays. */
function readArguments(given: readonly unknown[]): { target: Target; back: unknown } {
  const [first, second] = given;
  const back = given.find((each) => typeof each === 'function');
  if (Array.isArray(first)) return { target: { ...first[0] }, back: first[1] };
  if (typeof first === 'object' && first !== null) return { target: { ...first }, back };
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { target: { path: first }, back };
  return { target: { port: first, ...(typeof second === 'string' ? { host: second } : {}) }, back };
}

function guardedLookup(lookup: Lookup, isPermitted: (address: string) => boolean): Lookup {
  return (hostname, options, back) => {
    lookup(hostname, options, (error, found, family) => {
      if (error) return back(error);
      if (Array.isArray(found)) {
        const permitted = found.filter(({ address }) => isPermitted(address));
        return permitted.length > 0 ? back(null, permitted) : back(forbidden(hostname));
      }
      return typeof found === 'string' && isPermitted(found) ? back(null, found, family) : back(forbidden(hostname));
    });
  };
}
