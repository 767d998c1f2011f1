import type { BuiltinInboundModule } from '../../contract.ts';
import { readRequest } from './inbound-request.ts';
import { writeResponse } from './inbound-response.ts';

/**
 * `leadconduit-default.inbound`: leads over HTTP as forms, query strings, JSON or XML, and pings of them. It sees only
 * the request; unknown flows, authentication and disabled sources are the pipeline's business.
 */
export const inbound: BuiltinInboundModule = {
  id: 'leadconduit-default.inbound',
  // The hosted package whose measured behaviour this is.
  version: '2.9.14',
  name: 'LeadConduit Standard',
  direction: 'inbound',
  isPingable: true,
  checksRedirectHosts: true,
  requestVariables: [
    {
      name: 'trustedform_cert_url',
      type: 'string',
      description: 'URL of the TrustedForm certificate; xxTrustedFormCertUrl is taken for it',
      required: false,
    },
    { name: '*', type: 'wildcard', description: 'Any field of the lead by its id', required: false },
  ],
  responseVariables: [
    { name: 'lead.id', type: 'string', description: 'The lead’s id' },
    { name: 'outcome', type: 'string', description: 'success, failure or error' },
    { name: 'reason', type: 'string', description: 'Why, unless it is a success' },
    { name: 'price', type: 'number', description: 'What the lead is bought for' },
  ],
  params: [
    {
      name: '*',
      label: 'Lead fields',
      type: 'Wildcard',
      description: 'Any field of the lead by its id, for example first_name or mortgage.loan.amount',
      variable: null,
      required: false,
      examples: [],
    },
    {
      name: 'redir_url',
      label: 'Redirect URL',
      type: 'url',
      description: 'Where to send the visitor afterwards; only in the query string',
      variable: null,
      required: false,
      examples: ['https://example.com/thank-you'],
    },
  ],
  request: readRequest,
  response: writeResponse,
};
