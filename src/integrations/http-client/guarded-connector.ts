import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { type AllowedNetwork, isForbiddenAddress } from '../forbidden-address.ts';
import { skipContinue } from './skip-continue.ts';

/** All addresses of a host name, as the system's resolver gives them. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

export const resolveHost: Resolve = (hostname) => lookup(hostname, { all: true });

/** A connection was refused by us: no address of the host may be contacted. */
export class ForbiddenAddressError extends Error {
  readonly code = 'FORBIDDEN_ADDRESS';
}

/**
 * A connector for one port that reaches only permitted addresses (architecture 7). The check sits in the lookup of the
 * connection itself: the address that was checked is the one connected to, so a name that changes its address between
 * check and use (DNS rebinding) gains nothing. Certificates are verified whatever the environment says.
 */
export function createGuardedConnector(options: {
  port: number;
  allowedNetworks: readonly AllowedNetwork[];
  resolve: Resolve;
  connectTimeoutMs: number;
}): buildConnector.connector {
  const { port, allowedNetworks, resolve, connectTimeoutMs } = options;
  const isForbidden = (address: string) => isForbiddenAddress(address, port, allowedNetworks);
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    rejectUnauthorized: true,
    lookup: guardLookup(resolve, isForbidden),
  });
  return (target, callback) => {
    // An address literal is never looked up, so it has to be checked here.
    if (isIP(target.hostname) !== 0 && isForbidden(target.hostname)) {
      queueMicrotask(() => callback(new ForbiddenAddressError(target.hostname), null));
      return;
    }
    connect(target, (...connected) => {
      if (connected[1]) skipContinue(connected[1]);
      callback(...connected);
    });
  };
}

/** A lookup that gives permitted addresses alone, for connections of any protocol. */
export function guardLookup(resolve: Resolve, isForbidden: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (found) => {
        const permitted = found.filter(({ address }) => !isForbidden(address));
        const [first] = permitted;
        if (first === undefined) return callback(new ForbiddenAddressError(hostname), '');
        return options.all ? callback(null, permitted) : callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
}
