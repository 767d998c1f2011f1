import { DatabaseGone } from '../batcher.ts';
import { sqlState } from './session.ts';

/** SQLSTATE classes that speak of the server: connection, resources, operator intervention, system. */
const SERVER_CLASSES = new Set(['08', '53', '57', '58']);
/** A server that was demoted takes no writes; a standby ends reads that what it replays is in the way of. */
const PASSING_STATES = new Set(['25006', '40001']);
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
]);
/** The driver has no code for these. */
const DRIVER_MESSAGES = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
];

/** Does this error say that the database cannot be reached now, so that the caller may try again? */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseGone) return true;
  if (!(error instanceof Error)) return false;
  const state = sqlState(error);
  if (state !== undefined && (PASSING_STATES.has(state) || SERVER_CLASSES.has(state.slice(0, 2)))) return true;
  if ('code' in error && typeof error.code === 'string') return NETWORK_CODES.has(error.code);
  return DRIVER_MESSAGES.some((message) => error.message.startsWith(message));
}
