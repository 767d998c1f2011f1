import type { Blame } from '../integrations/contract.ts';
import type { MailStage } from '../integrations/formats/mail-refusal.ts';

/** How a message ended. Every row is a value, never an exception; a reason names the host and no address or secret. */
export type MailResult =
  /** The server took it for at least one address. `reply` is the server's line; it may name addresses. */
  | { kind: 'sent'; code: number; reply: string; accepted: readonly string[]; rejected: readonly RejectedAddress[] }
  | MailRefusal
  /** Nothing was taken: the server was not reached, the connection broke before the end of the message, or it is ours. */
  | { kind: 'unsent'; reason: string; blame: Blame; isWorthRetry: boolean }
  /** The whole message was sent and no answer came: the server may have it. */
  | { kind: 'unknown'; reason: string; blame: Blame };

/** The server answered no. `isWorthRetry`: its code is 4xx, such as from a server that is full or delays strangers. */
export interface MailRefusal {
  kind: 'refused';
  stage: MailStage;
  code: number;
  reply: string;
  reason: string;
  isWorthRetry: boolean;
}

export type MailFault = Exclude<MailResult, { kind: 'sent' }>;

export interface RejectedAddress {
  address: string;
  /** 0: the server said something else than a code. */
  code: number;
}
