import type { Vars } from '../../../model/vars.ts';
import { textOf } from '../../../variables/rich-value.ts';
import type { BuiltinInboundModule, HttpAnswer, InboundRequest } from '../../contract.ts';
import { pickFields } from '../../formats/response-fields.ts';
import { elementLines } from '../../formats/write-xml.ts';
import { inbound } from '../leadconduit-default/inbound.ts';
import { STANDARD_PACKAGE_VERSION } from './standard-package.ts';

/**
 * `leadconduit-standard.inbound.classic`: takes leads as the default module does and answers in the one XML document
 * of the oldest senders, whatever they accept (spec modules b, last paragraph; api 4.3). It takes no pings.
 */
export const classic: BuiltinInboundModule = {
  ...inbound,
  id: 'leadconduit-standard.inbound.classic',
  version: STANDARD_PACKAGE_VERSION,
  name: 'LeadConduit Classic',
  isPingable: false,
  response: writeClassic,
};

/** Part of the format: senders' parsers look for both in every answer. */
const DOCTYPE = '<!DOCTYPE response SYSTEM "https://app.leadconduit.com/dtd/response-v2-basic.dtd">';
const LEAD_URL = 'https://app.leadconduit.com/leads?id=';

/** The format knows these variables alone; the source's own list of response fields does not change it. */
const FIELD_IDS: readonly string[] = ['outcome', 'reason', 'lead.id', 'price'];

function writeClassic(_request: InboundRequest, vars: Vars): HttpAnswer {
  const { outcome, reason, lead, price } = pickFields(vars, FIELD_IDS);
  const leadId = textOf(isNamed(lead) ? lead.id : undefined);
  const body = [
    DOCTYPE,
    '<response>',
    ...elementLines('result', outcome, INDENT),
    ...elementLines('reason', reason === '' ? undefined : reason, INDENT),
    ...elementLines('leadId', leadId, INDENT),
    ...linkLines(leadId),
    ...elementLines('price', price, INDENT),
    '</response>',
  ].join('\n');
  const headers = { 'Content-Type': 'application/xml', 'Content-Length': String(Buffer.byteLength(body)) };
  return { status: 201, headers, body };
}

const INDENT = '  ';

function linkLines(leadId: string): string[] {
  return [
    `${INDENT}<url>`,
    `${INDENT}${INDENT}<![CDATA[${LEAD_URL}${encodeURIComponent(leadId)}]]>`,
    `${INDENT}</url>`,
  ];
}

function isNamed(lead: unknown): lead is { id: unknown } {
  return typeof lead === 'object' && lead !== null && 'id' in lead;
}
