import type { Clock } from '../lib/clock.ts';
import { endOfMail, type MailEnd } from '../mail/end-of-mail.ts';
import type { SendInstallationMail } from '../mail/installation-mail.ts';
import { type DueExportMail, EXPORT_DAYS_KEPT, type Export, type ExportMailStore, type ExportStore } from './export.ts';

/** Mails of one pass; further ones wait for the next. */
const MAILS_MAX = 10;
/** A mail that a server took and did not end, because it stopped, is sent again after so long. */
const TAKEN_MS = 120_000;
const TIMEOUT_MS = 20_000;
/** Attempts at one mail, with pauses of a minute, two, four … */
const ATTEMPTS_MAX = 10;
const PAUSE_MS = 60_000;

export interface ExportMailDeps {
  mails: ExportMailStore;
  exports: Pick<ExportStore, 'find'>;
  /** null: the installation has no mail server. */
  send: SendInstallationMail | null;
  /** Where people reach this installation. */
  origin: string;
  clock: Pick<Clock, 'now'>;
}

/** One pass: mails what has ended, one message for all of its users. */
export function createExportMailer(deps: ExportMailDeps): () => Promise<{ mailed: number; failed: number }> {
  const { mails, exports, clock } = deps;
  return async () => {
    const now = clock.now();
    const due = await mails.takeDue({ now, again: now + TAKEN_MS, limit: MAILS_MAX });
    let mailed = 0;
    let failed = 0;
    for (const mail of due) {
      const { accountId, id, attempt } = mail;
      const made = await exports.find({ accountId, id, now });
      if (!made) continue;
      const { isSent, fault } = await sendMail(deps, mail, made);
      if (isSent) mailed += 1;
      else failed += 1;
      const at = clock.now();
      const isOver = isSent || attempt >= ATTEMPTS_MAX;
      await mails.end({
        ...{ accountId, id, fault, mailedAt: isSent ? at : null },
        dueAt: isOver ? null : at + PAUSE_MS * 2 ** (attempt - 1),
      });
    }
    return { mailed, failed };
  };
}

/** Each attempt has the same Message-ID. */
async function sendMail(
  { send, origin }: Pick<ExportMailDeps, 'send' | 'origin'>,
  { id, to }: DueExportMail,
  made: Export,
): Promise<MailEnd> {
  if (send === null) return notSent('this installation has no mail server: set SLUICE_SMTP_URL');
  if (to.length === 0) return notSent('no user of email_to can sign in any more');
  const message = { to: to.map((address) => ({ name: '', address })), messageId: `export_${id}@sluice.invalid` };
  return endOfMail(await send({ ...message, ...writeExportMail(made, origin) }, { timeoutMs: TIMEOUT_MS }));
}

function notSent(fault: string): MailEnd {
  return { isSent: false, fault };
}

/** The link has no token: it opens for who is signed in and may read leads. */
export function writeExportMail(
  { id, definition, status, error, rowCount, fileName }: Export,
  origin: string,
): { subject: string; text: string } {
  const { rows, start, end } = definition;
  const range = `${start} up to ${end}`;
  if (status === 'error') {
    const lines = [`The export of ${rows} from ${range} failed: ${error}.`, '', `Export: ${id}`];
    return { subject: `The export of ${rows} failed`, text: `${lines.join('\n')}\n` };
  }
  const lines = [
    `The export of ${rows} from ${range} is ready: ${rowCount} rows, ${fileName}.`,
    ...(status === 'truncated' ? ['It begins later than was asked for: what is older is past the retention.'] : []),
    '',
    `${origin}/exports/${id}/download`,
    '',
    `Sign in first. The file is deleted after ${EXPORT_DAYS_KEPT} days.`,
  ];
  return { subject: `The export of ${rows} is ready`, text: `${lines.join('\n')}\n` };
}
