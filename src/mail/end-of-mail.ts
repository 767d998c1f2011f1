import type { MailResult } from './mail-result.ts';

/** How a message of the installation ended, for whoever asked for it. */
export interface MailEnd {
  /** At least one address has it, so that it is not sent again. */
  isSent: boolean;
  /** Why somebody does not have it, without an address; null: everybody has it. */
  fault: string | null;
}

export function endOfMail(result: MailResult): MailEnd {
  if (result.kind !== 'sent') return { isSent: false, fault: result.reason };
  const { accepted, rejected } = result;
  if (rejected.length === 0) return { isSent: true, fault: null };
  const codes = [...new Set(rejected.map(({ code }) => code))].filter((code) => code !== 0).join(', ');
  const said = codes === '' ? '' : ` (${codes})`;
  const all = accepted.length + rejected.length;
  return {
    isSent: true,
    fault: `the mail server refused ${rejected.length} of ${all} addresses${said}; the others have it`,
  };
}
