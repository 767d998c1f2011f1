import { describe, expect, it } from 'vitest';
import { parseValue } from '../../../field-types/parse-value.ts';
import { MAIL_BYTES_MAX } from '../../mail-message.ts';
import { email } from './email.ts';

const ctx = { now: Date.UTC(2025, 2, 3, 12), timeZone: 'UTC', random: () => 0 };
const CREDENTIAL = {
  type: 'smtp',
  host: 'mail.example.com',
  port: 2525,
  security: 'tls',
  username: 'u',
  password: 'pw-77',
};
const vars = {
  ...{ credential: CREDENTIAL, delivery_id: 'e1', from: 'Leads <leads@example.org>', to: 'ann@example.com' },
  ...{ subject: 'A lead', text: 'Hello' },
};

describe('what cannot be sent is reported before', () => {
  it.each([
    [{ credential: undefined }, 'Credential is required: name one of the type smtp in credential_id'],
    [{ credential: { type: 'user' } }, 'Credential must be of the type smtp'],
    [{ from: '' }, 'From is required'],
    [{ from: 'a@example.org, b@example.org' }, 'From must be one e-mail address'],
    [{ to: ' , ' }, 'To is required'],
    [{ to: 'ann' }, 'To must be e-mail addresses'],
    [{ to: 'ann@example.com\r\nRCPT TO:<eve@example.com>' }, 'To must be e-mail addresses'],
    [{ reply_to: 'x' }, 'Reply_to must be e-mail addresses'],
    [{ subject: ' ' }, 'Subject is required'],
    [{ text: '' }, 'Text, html or csv is required'],
    [{ text: '', csv: { Name: 'Ann' } }, undefined],
    [
      { bcc: Array.from({ length: 100 }, (_, n) => `a${n}@example.com`).join() },
      'To, cc and bcc must be at most 100 addresses',
    ],
    [{ text: 'é'.repeat(MAIL_BYTES_MAX / 2 + 1) }, 'The message is larger than 10485760 bytes'],
    [{}, undefined],
    [{ credential: { type: 'smtp', password: 'pw-77' } }, 'Credential must be of the type smtp'],
  ])('%#', (parts, problem) => {
    expect(email.validate({ ...vars, ...parts })).toBe(problem);
  });
});

describe('the request', () => {
  it('shows the message and no part of the credential', () => {
    const request = email.request({
      ...vars,
      csv: { 'First name': 'Ann', 'a.b': '=1+1', nested: { phone: parseValue('phone', '5127891111', ctx) } },
      csv_name: 'ann.csv',
    });
    const { mail, ...recorded } = request;
    expect(recorded).toMatchObject({ url: 'smtps://mail.example.com:2525', method: 'MAIL', headers: {} });
    expect(JSON.stringify(recorded)).not.toContain('pw-77');
    expect(JSON.parse(recorded.body ?? '')).toEqual({
      ...{ from: 'Leads <leads@example.org>', to: ['ann@example.com'], subject: 'A lead', text: 'Hello' },
      attachments: [
        {
          ...{ name: 'ann.csv', type: 'text/csv; charset=utf-8' },
          content: "First name,a.b,nested.phone\r\nAnn,'=1+1,5127891111\r\n",
        },
      ],
      message_id: '<e1@example.org>',
    });
    expect(mail?.server).toMatchObject({ host: 'mail.example.com', port: 2525, security: 'tls', password: 'pw-77' });
  });

  it('has asterisks where only the name of the credential is known', () => {
    const { url } = email.request({ ...vars, credential: { type: 'smtp', host: '********', port: '********' } });
    expect(url).toBe('smtp://********:587');
  });
});

describe('an answer', () => {
  const request = email.request({ ...vars, cc: 'bob@example.com' });
  const answer = (status: number, headers: Record<string, string> = {}) =>
    email.response(vars, request, { status, version: 'ESMTP', headers, body: `${status} text` });

  it.each([
    [250, {}, 'success', undefined],
    [250, { Accepted: 'Ann@example.com, bob@example.com' }, 'success', undefined],
    [
      250,
      { Accepted: 'bob@example.com', Rejected: 'ann@example.com (550)' },
      'failure',
      'The mail server took it for no address of to',
    ],
    [421, { Stage: 'greeting' }, 'error', 'mail.example.com refused for now: the connection (421, it is closing)'],
    [535, { Stage: 'login' }, 'error', 'mail.example.com refused: the login (535, wrong user name or password)'],
    [451, { Stage: 'recipients' }, 'error', 'mail.example.com refused for now: every recipient (451, try again later)'],
    [
      550,
      { Stage: 'recipients' },
      'failure',
      'mail.example.com refused: every recipient (550, no such mailbox, or not allowed)',
    ],
    [
      552,
      { Stage: 'message' },
      'failure',
      'mail.example.com refused: the message (552, too large, or the mailbox is full)',
    ],
    [554, {}, 'failure', 'mail.example.com refused: the message (554)'],
  ])('%i with %j is an outcome', (status, headers, outcome, reason) => {
    const appended = answer(status, headers);
    expect(appended).toMatchObject({ outcome, message_id: '<e1@example.org>', reply: `${status} text` });
    expect(appended['reason']).toBe(reason);
    expect(appended['rejected']).toBe((headers as Record<string, string>)['Rejected']);
  });
});
