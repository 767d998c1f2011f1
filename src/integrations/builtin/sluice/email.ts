import { writeCsvRow } from '../../../csv/write-csv-row.ts';
import { assert } from '../../../lib/assert.ts';
import type { Vars } from '../../../model/vars.ts';
import { flatten } from '../../../variables/flatten.ts';
import { isPlainObject, textOf } from '../../../variables/rich-value.ts';
import type { BuiltinExchangeModule, ModuleVariable, OutboundRequest, OutboundResponse } from '../../contract.ts';
import { describeMailRefusal, isRefusedForNow, MAIL_STAGES, type MailStage } from '../../formats/mail-refusal.ts';
import { countMailBytes, formatMailAddress, parseMailAddresses } from '../../formats/mail-text.ts';
import {
  MAIL_BYTES_MAX,
  MAIL_RECIPIENTS_MAX,
  type MailAddress,
  type MailMessage,
  mailServerOf,
} from '../../mail-message.ts';
import { formatMailServerUrl } from '../../mail-server-url.ts';

// biome-ignore format: a table reads better in rows
const REQUEST_VARIABLES: readonly ModuleVariable[] = [
  { name: 'credential_id', type: 'string', required: true, description: 'The stored credential of the mail server, of the type smtp' },
  { name: 'from', type: 'string', required: true, description: 'The sender', examples: ['Leads <leads@example.com>'] },
  { name: 'to', type: 'string', required: true, description: 'Who gets the message: addresses with commas between them', examples: ['sales@buyer.example.com'] },
  { name: 'cc', type: 'string', required: false, description: 'Who gets a copy' },
  { name: 'bcc', type: 'string', required: false, description: 'Who gets a copy without being named in the message' },
  { name: 'reply_to', type: 'string', required: false, description: 'Where answers go', examples: ['{{lead.email}}'] },
  { name: 'subject', type: 'string', required: true, description: 'The subject', examples: ['A lead from {{lead.state}}'] },
  { name: 'text', type: 'string', required: false, description: 'The message as text' },
  { name: 'html', type: 'string', required: false, description: 'The message as HTML; values in the template are escaped', examples: ['<b>{{lead.first_name}}</b>'] },
  { name: 'csv.*', type: 'wildcard', required: false, description: 'A column of the attached CSV file, by its name', examples: ['First name'] },
  { name: 'csv_name', type: 'string', required: false, description: 'The name of that file; lead.csv unless given' },
];

const RESPONSE_VARIABLES: readonly ModuleVariable[] = [
  { name: 'outcome', type: 'string', description: 'success: taken for an address of `to`; failure or error: refused' },
  { name: 'reason', type: 'string', description: 'Why it is not a success' },
  { name: 'message_id', type: 'string', description: 'The Message-ID of the message' },
  { name: 'rejected', type: 'string', description: 'Addresses that the server refused, each with its code' },
  { name: 'reply', type: 'string', description: 'What the server answered' },
];

const ADDRESS_FIELDS = ['from', 'to', 'cc', 'bcc', 'reply_to'] as const;

const TEMPLATE_FORMS = {
  html: 'html',
  ...Object.fromEntries(ADDRESS_FIELDS.map((name) => [name, 'addresses' as const])),
} as const;

/**
 * `sluice.outbound.email`: sends the lead as one message to the mail server of the step's credential. Its Message-ID is that of
 * the delivery and stays when it is tried again.
 */
export const email: BuiltinExchangeModule = {
  id: 'sluice.outbound.email',
  version: '1.0.0',
  name: 'E-mail',
  direction: 'outbound',
  style: 'request/response',
  requestVariables: REQUEST_VARIABLES,
  responseVariables: RESPONSE_VARIABLES,
  templateForms: TEMPLATE_FORMS,
  validate: findProblem,
  request: buildRequest,
  response: (_vars, request, response) => decideOutcome(request, response),
};

function findProblem(vars: Vars): string | undefined {
  const { credential } = vars;
  if (!isPlainObject(credential)) return 'Credential is required: name one of the type smtp in credential_id';
  if (!mailServerOf(credential)) return 'Credential must be of the type smtp';
  for (const name of ADDRESS_FIELDS) {
    const addresses = parseMailAddresses(textOf(vars[name]));
    if (!addresses.ok) return `${labelOf(name)} must be e-mail addresses`;
    if (addresses.value.length === 0 && (name === 'from' || name === 'to')) return `${labelOf(name)} is required`;
    if (addresses.value.length > 1 && name === 'from') return 'From must be one e-mail address';
  }
  const message = buildMessage(vars);
  if (message.subject === '') return 'Subject is required';
  const { text, html, attachments = [], to, cc = [], bcc = [] } = message;
  if (text === undefined && html === undefined && attachments.length === 0) return 'Text, html or csv is required';
  if (to.length + cc.length + bcc.length > MAIL_RECIPIENTS_MAX)
    return `To, cc and bcc must be at most ${MAIL_RECIPIENTS_MAX} addresses`;
  return countMailBytes(message) > MAIL_BYTES_MAX ? `The message is larger than ${MAIL_BYTES_MAX} bytes` : undefined;
}

function labelOf(name: (typeof ADDRESS_FIELDS)[number]): string {
  return name === 'reply_to' ? 'Reply_to' : name.charAt(0).toUpperCase() + name.slice(1);
}

/** The body shows the message as JSON, where masked values are found; the credential is in no part that is recorded. */
function buildRequest(vars: Vars): OutboundRequest {
  const { credential } = vars;
  const server = isPlainObject(credential) ? mailServerOf(credential) : undefined;
  assert(server, 'a step without a mail server is skipped');
  const message = buildMessage(vars);
  return {
    url: formatMailServerUrl(server),
    method: 'MAIL',
    headers: {},
    body: JSON.stringify(describeMessage(message)),
    mail: { server, message },
  };
}

function buildMessage(vars: Vars): MailMessage {
  const addresses = (name: string): MailAddress[] => {
    const parsed = parseMailAddresses(textOf(vars[name]));
    return parsed.ok ? parsed.value : [];
  };
  const [from = { name: '', address: '' }] = addresses('from');
  const domain = from.address.split('@').at(-1) ?? '';
  const [text, html] = [textOf(vars['text']), textOf(vars['html'])];
  const csv = writeCsv(vars['csv']);
  const name = textOf(vars['csv_name']).trim() || 'lead.csv';
  return {
    from,
    ...{ to: addresses('to'), cc: addresses('cc'), bcc: addresses('bcc'), replyTo: addresses('reply_to') },
    subject: textOf(vars['subject']).trim(),
    ...(text.trim() === '' ? {} : { text }),
    ...(html.trim() === '' ? {} : { html }),
    attachments: csv === undefined ? [] : [{ name, type: 'text/csv; charset=utf-8', content: csv }],
    messageId: `${textOf(vars['delivery_id'])}@${domain}`,
  };
}

/** A row of names and a row of values; undefined: no column is mapped. */
function writeCsv(columns: unknown): string | undefined {
  if (!isPlainObject(columns)) return undefined;
  const cells = Object.entries(flatten(columns)).map(([name, value]) => [name, textOf(value)] as const);
  if (cells.length === 0) return undefined;
  return writeCsvRow(cells.map(([name]) => name)) + writeCsvRow(cells.map(([, value]) => value));
}

function describeMessage(message: MailMessage): Record<string, unknown> {
  const { from, to, cc = [], bcc = [], replyTo = [], subject, text, html, attachments = [], messageId } = message;
  const lists = { to, cc, bcc, reply_to: replyTo };
  return {
    from: formatMailAddress(from),
    ...Object.fromEntries(
      Object.entries(lists)
        .filter(([, addresses]) => addresses.length > 0)
        .map(([name, addresses]) => [name, addresses.map(formatMailAddress)]),
    ),
    subject,
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    ...(attachments.length === 0 ? {} : { attachments }),
    message_id: `<${messageId ?? ''}>`,
  };
}

function decideOutcome(request: OutboundRequest, { status, headers, body }: OutboundResponse): Record<string, unknown> {
  const sent = { message_id: `<${request.mail?.message.messageId ?? ''}>`, reply: body };
  if (status >= 200 && status < 300) {
    const rejected = headerOf(headers, 'Rejected');
    const noted = { ...sent, ...(rejected === undefined ? {} : { rejected }) };
    if (isTaken(request, headerOf(headers, 'Accepted'))) return { outcome: 'success', ...noted };
    return { outcome: 'failure', reason: 'The mail server took it for no address of to', ...noted };
  }
  const stage = stageOf(headerOf(headers, 'Stage'));
  const isFinal = !isRefusedForNow(status) && FINAL_STAGES.includes(stage);
  const reason = describeMailRefusal({ host: request.mail?.server.host ?? '', stage, code: status });
  return { outcome: isFinal ? 'failure' : 'error', reason, ...sent };
}

/** Where 5xx is about this lead; before, it is about the server or the credential, which somebody can repair. */
const FINAL_STAGES: readonly MailStage[] = ['sender', 'recipients', 'message'];

function stageOf(name: string | undefined): MailStage {
  return MAIL_STAGES.find((each) => each === name) ?? 'message';
}

/** Was it taken for an address of `to`? The server that took it for another must not get it again. */
function isTaken({ mail }: OutboundRequest, accepted: string | undefined): boolean {
  if (accepted === undefined || !mail) return true;
  const taken = new Set(accepted.toLowerCase().split(', '));
  // Domains are spelled as DNS has them: those with other letters are not compared.
  return mail.message.to.some(({ address }) => taken.has(address.toLowerCase()) || /[^\p{ASCII}]/u.test(address));
}

function headerOf(headers: OutboundResponse['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
