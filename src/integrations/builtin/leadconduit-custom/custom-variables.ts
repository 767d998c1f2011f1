import type { ModuleVariable } from '../../contract.ts';

/** Answers are read the same way by every custom module, so they all take these (spec modules c2). */
// biome-ignore format: a table reads better in rows
const ANSWER_VARIABLES: readonly ModuleVariable[] = [
  { name: 'outcome_search_term', type: 'string', required: false, description: 'Text or /regular expression/ to find in the answer; default any text', examples: ['accepted', '/status: (ok|queued)/'] },
  { name: 'outcome_search_path', type: 'string', required: false, description: 'Where to look for it: dotted JSON path, XPath or CSS selector; default the whole body', examples: ['result.status', '//status', '.message'] },
  { name: 'outcome_on_match', type: 'string', required: false, description: 'Outcome when it is found: success (default), failure or error', examples: ['success', 'failure'] },
  { name: 'reason_path', type: 'string', required: false, description: 'Where the reason is: dotted JSON path, XPath, CSS selector, or a regular expression with one group', examples: ['errors.*.message', '/reason: (.+)/i'] },
  { name: 'price_path', type: 'string', required: false, description: 'Where the price is, in the same notations', examples: ['price', '//price/text()'] },
  { name: 'fallback_price', type: 'number', required: false, description: 'Price when the answer has none; default 0', examples: ['1.5'] },
  { name: 'reference_path', type: 'string', required: false, description: "Where the recipient's own id of the lead is, in the same notations", examples: ['id'] },
  { name: 'default_reason', type: 'string', required: false, description: 'Reason when the answer has none', examples: ['Not accepted'] },
  { name: 'header.*', type: 'wildcard', required: false, description: 'HTTP header of the request', examples: ['X-Api-Key'] },
  { name: 'send_ascii', type: 'boolean', required: false, description: 'Transliterate every value to ASCII', examples: ['true'] },
  { name: 'capture.*', type: 'wildcard', required: false, description: 'Regular expression whose first group is appended; text and HTML answers only', examples: ['/id: (\\w+)/i'] },
  { name: 'response_content_type_override', type: 'string', required: false, description: 'Read the answer as this type whatever it says it is', examples: ['application/json'] },
  { name: 'cookie_search_term', type: 'string', required: false, description: 'Text or regular expression that finds a Set-Cookie header to append', examples: ['session'] },
  { name: 'follow_redirects', type: 'boolean', required: false, description: 'Follow redirects', examples: ['true'] },
];

const URL_VARIABLE: ModuleVariable = {
  name: 'url',
  type: 'string',
  required: true,
  description: 'URL to deliver to',
  examples: ['https://crm.example.com/leads'],
};
const METHOD_VARIABLE: ModuleVariable = {
  name: 'method',
  type: 'string',
  required: false,
  description: 'HTTP method; default POST',
  examples: ['PUT'],
};
const BASIC_VARIABLES: readonly ModuleVariable[] = [
  { name: 'basic_username', type: 'string', required: false, description: 'User name for HTTP Basic authentication' },
  { name: 'basic_password', type: 'string', required: false, description: 'Password for HTTP Basic authentication' },
];
const EXTRA_PARAMETERS: ModuleVariable = {
  name: 'extra_parameter.*',
  type: 'wildcard',
  required: false,
  description: 'Form parameter sent beside the document',
};

export const FORM_VARIABLES: readonly ModuleVariable[] = [
  URL_VARIABLE,
  ...BASIC_VARIABLES,
  {
    name: 'encode_form_field_names',
    type: 'boolean',
    required: false,
    description: 'Any value: send field names as written, not percent-encoded',
  },
  { name: 'form_field.*', type: 'wildcard', required: false, description: 'Form field; .0, .1 … repeat it' },
  ...ANSWER_VARIABLES,
];

export const QUERY_VARIABLES: readonly ModuleVariable[] = [
  URL_VARIABLE,
  { name: 'parameter.*', type: 'wildcard', required: false, description: 'Query parameter; .0, .1 … repeat it' },
  ...BASIC_VARIABLES,
  ...ANSWER_VARIABLES,
];

export const JSON_VARIABLES: readonly ModuleVariable[] = [
  { name: 'credential_id', type: 'credential', required: false, description: 'Stored user name and password' },
  URL_VARIABLE,
  METHOD_VARIABLE,
  ...BASIC_VARIABLES,
  {
    name: 'json_property.*',
    type: 'wildcard',
    required: false,
    description: 'Property of the document; dots nest, numbers make arrays',
  },
  { name: 'json_parameter', type: 'string', required: false, description: 'Send the document as this form parameter' },
  {
    name: 'nested_extra_parameter.*',
    type: 'wildcard',
    required: false,
    description: 'Form parameter with a JSON value',
  },
  EXTRA_PARAMETERS,
  ...ANSWER_VARIABLES,
];

export const XML_VARIABLES: readonly ModuleVariable[] = [
  URL_VARIABLE,
  METHOD_VARIABLE,
  ...BASIC_VARIABLES,
  {
    name: 'xml_path.*',
    type: 'wildcard',
    required: false,
    description: 'Element (a.b), attribute (a.b@c), CDATA (a.b#cdata) or repeated element (a.b.0)',
  },
  { name: 'xml_parameter', type: 'string', required: false, description: 'Send the document as this form parameter' },
  EXTRA_PARAMETERS,
  ...ANSWER_VARIABLES,
];

export const RESPONSE_VARIABLES: readonly ModuleVariable[] = [
  { name: 'outcome', type: 'string', description: 'success, failure or error' },
  { name: 'reason', type: 'string', description: 'Why, when the answer says so' },
  { name: 'cookie', type: 'string', description: 'The Set-Cookie header that was searched for' },
  { name: 'price', type: 'number', description: 'Price of the lead' },
  { name: 'reference', type: 'string', description: "The recipient's own id of the lead" },
  { name: '*', type: 'wildcard', description: 'Everything else the answer carried' },
];

/** A service answers in elements, so paths are dotted names (spec modules c4). */
// biome-ignore format: a table reads better in rows
export const SOAP_VARIABLES: readonly ModuleVariable[] = [
  { name: 'url', type: 'string', required: true, description: 'URL of the WSDL', examples: ['https://crm.example.com/leads?wsdl'] },
  { name: 'function', type: 'string', required: true, description: 'Operation to call, or Service.Port.Operation', examples: ['TakeLead', 'Desk.DeskPort.TakeLead'] },
  { name: 'version', type: 'string', required: false, description: 'SOAP version: 1.1 (default) or 1.2', examples: ['1.2'] },
  ...BASIC_VARIABLES,
  { name: 'bearer_token', type: 'string', required: false, description: 'Token for HTTP Bearer authentication' },
  { name: 'wss_username', type: 'string', required: false, description: 'User name for WS-Security' },
  { name: 'wss_password', type: 'string', required: false, description: 'Password for WS-Security' },
  { name: 'wss_digest_password', type: 'boolean', required: false, description: 'Send a digest instead of the password; default false', examples: ['true'] },
  { name: 'arg.*', type: 'wildcard', required: false, description: 'Argument of the operation; dots nest, numbers repeat' },
  { name: 'outcome_search_term', type: 'string', required: false, description: 'Text or /regular expression/ to find in the answer; default any text', examples: ['accepted'] },
  { name: 'outcome_search_path', type: 'string', required: false, description: 'Dotted path of the result to look for it; default the whole body', examples: ['TakeLeadResult.Status'] },
  { name: 'outcome_on_match', type: 'string', required: false, description: 'Outcome when it is found: success (default), failure or error', examples: ['failure'] },
  { name: 'reason_path', type: 'string', required: false, description: 'Dotted path of the reason', examples: ['TakeLeadResult.Why'] },
  { name: 'price_path', type: 'string', required: false, description: 'Dotted path of the price; read on success', examples: ['TakeLeadResult.Pay'] },
  { name: 'reference_path', type: 'string', required: false, description: "Dotted path of the recipient's own id of the lead", examples: ['TakeLeadResult.Id'] },
  { name: 'default_reason', type: 'string', required: false, description: 'Reason when the answer has none', examples: ['Not accepted'] },
  { name: 'soap_header.*', type: 'wildcard', required: false, description: 'SOAP header, one for each name; Name@xmlns is its namespace', examples: ['Auth.Key'] },
  { name: 'send_ascii', type: 'boolean', required: false, description: 'Transliterate every value to ASCII', examples: ['true'] },
  { name: 'root_namespace_prefix', type: 'string', required: false, description: "Prefix of the operation's element", examples: ['ns1'] },
  { name: 'root_xmlns_attribute_name', type: 'string', required: false, description: "Name of the xmlns attribute of the operation's element", examples: ['xmlns:ns1'] },
  { name: 'root_xmlns_attribute_value', type: 'string', required: false, description: 'Value of that attribute', examples: ['urn:leads'] },
];

export const SOAP_RESPONSE_VARIABLES: readonly ModuleVariable[] = [
  { name: 'outcome', type: 'string', description: 'success, failure or error' },
  { name: 'reason', type: 'string', description: 'Why, when the answer says so' },
  { name: 'price', type: 'number', description: 'Price of the lead' },
  { name: '*', type: 'wildcard', description: 'Everything else the answer carried' },
];
