/** What a mail server was asked when it refused. */
export const MAIL_STAGES = ['greeting', 'encryption', 'login', 'sender', 'recipients', 'message'] as const;
export type MailStage = (typeof MAIL_STAGES)[number];

/** A sentence for a refusal; it quotes nothing of what the server said. */
export function describeMailRefusal({ host, stage, code }: { host: string; stage: MailStage; code: number }): string {
  const how = isRefusedForNow(code) ? 'refused for now' : 'refused';
  const why = WHY[code];
  return `${host} ${how}: ${SUBJECT[stage]} (${code}${why === undefined ? '' : `, ${why}`})`;
}

/** 4xx: the same may be taken in a while (RFC 5321, 4.2.1). */
export function isRefusedForNow(code: number): boolean {
  return code >= 400 && code < 500;
}

const SUBJECT: Readonly<Record<MailStage, string>> = {
  greeting: 'the connection',
  encryption: 'encryption',
  login: 'the login',
  sender: 'the sender',
  recipients: 'every recipient',
  message: 'the message',
};

/** What codes mean by RFC 5321, 4.2.3, and RFC 4954, 6. */
const WHY: Readonly<Record<number, string>> = {
  421: 'it is closing',
  450: 'try again later',
  451: 'try again later',
  452: 'out of room',
  454: 'try again later',
  530: 'login or encryption is required',
  535: 'wrong user name or password',
  550: 'no such mailbox, or not allowed',
  552: 'too large, or the mailbox is full',
};
