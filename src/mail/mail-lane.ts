import type { Result } from '../lib/result.ts';
import type { MailFault, MailResult } from './mail-result.ts';
import type { SmtpSession } from './smtp-session.ts';
import type { WrittenMail } from './write-mail.ts';

/** Connections to one server as one user; many servers allow ten. */
const SESSIONS_MAX = 5;
/** Messages that wait for a connection; more are `unsent`. */
const WAITING_MAX = 1_000;
/** Messages over one connection: servers that count close it with an error sooner or later. */
const MESSAGES_PER_SESSION_MAX = 100;
/** How long a connection stays open without a message. Servers end idle ones after minutes. */
const IDLE_MS_MAX = 10_000;
/** With less left nothing is sent: it would end as an unknown delivery. */
const WORTH_SENDING_MS = 50;

export interface LaneOptions {
  host: string;
  open(timeoutMs: number): Promise<Result<SmtpSession, MailFault>>;
}

/** The way to one server as one user: so many connections, a bounded line in the order of arrival, and idle connections. */
export class MailLane {
  readonly #options: LaneOptions;
  readonly #idle: { session: SmtpSession; timer: NodeJS.Timeout }[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #onDrained: (() => void)[] = [];
  #running = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** No message is under way; connections may be open. */
  get isIdle(): boolean {
    return this.#running === 0 && this.#waiting.size === 0;
  }

  async send(mail: WrittenMail, timeoutMs: number): Promise<MailResult> {
    const endsAt = performance.now() + timeoutMs;
    if (this.#running >= SESSIONS_MAX) {
      const refusal = await this.#wait(timeoutMs);
      if (refusal !== undefined) return refusal;
    } else this.#running += 1;
    try {
      return await this.#sendNow(mail, endsAt);
    } finally {
      this.#next();
    }
  }

  /** Resolves when no message is under way any more. */
  drained(): Promise<void> {
    return this.isIdle ? Promise.resolve() : new Promise((resolve) => this.#onDrained.push(resolve));
  }

  close(): void {
    for (const { session, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      session.close();
    }
  }

  async #sendNow(mail: WrittenMail, endsAt: number): Promise<MailResult> {
    const kept = this.#takeIdle();
    if (kept) {
      const result = await this.#sendOver(kept, { mail, endsAt });
      // A server ends an idle connection whenever it likes; nothing of the message was taken.
      const isStale = result.kind === 'unsent' && result.blame === 'recipient';
      if (!isStale || leftMs(endsAt) < WORTH_SENDING_MS) return result;
    }
    const opened = await this.#options.open(Math.max(1, leftMs(endsAt)));
    return opened.ok ? this.#sendOver(opened.value, { mail, endsAt }) : opened.error;
  }

  async #sendOver(session: SmtpSession, { mail, endsAt }: { mail: WrittenMail; endsAt: number }): Promise<MailResult> {
    const result = await session.send(mail, Math.max(1, leftMs(endsAt)));
    if (session.isOpen && session.sent < MESSAGES_PER_SESSION_MAX) this.#keep(session);
    else session.close();
    return result;
  }

  #keep(session: SmtpSession): void {
    const timer = setTimeout(() => {
      const index = this.#idle.findIndex((each) => each.session === session);
      if (index >= 0) this.#idle.splice(index, 1);
      session.close();
    }, IDLE_MS_MAX);
    timer.unref();
    this.#idle.push({ session, timer });
  }

  #takeIdle(): SmtpSession | undefined {
    for (let kept = this.#idle.pop(); kept; kept = this.#idle.pop()) {
      clearTimeout(kept.timer);
      if (kept.session.isOpen) return kept.session;
    }
    return undefined;
  }

  /** undefined: there is a place now, and it is taken. */
  #wait(timeoutMs: number): Promise<MailFault | undefined> {
    const { host } = this.#options;
    const unsent = (reason: string): MailFault => ({ kind: 'unsent', reason, blame: 'us', isWorthRetry: true });
    if (this.#waiting.size >= WAITING_MAX) return Promise.resolve(unsent(`Too many messages to ${host} are waiting`));
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(start);
        resolve(unsent(`All connections to ${host} were in use for ${Number((timeoutMs / 1000).toFixed(1))} s`));
      }, timeoutMs);
      const start = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
      this.#waiting.add(start);
    });
  }

  /** Hands the place of a message that ended to the one that waits the longest. */
  #next(): void {
    for (const start of this.#waiting) {
      this.#waiting.delete(start);
      start();
      return;
    }
    this.#running -= 1;
    if (this.isIdle) for (const resolve of this.#onDrained.splice(0)) resolve();
  }
}

function leftMs(endsAt: number): number {
  return endsAt - performance.now();
}
