import { hostname } from 'node:os';

/** What this process calls itself in the log and in the store. */
export function nodeName(): string {
  return `${hostname()}-${process.pid}`;
}
