import { unflatten } from '../../../variables/unflatten.ts';
import { writeXml } from '../../formats/write-xml.ts';

/** A request a sender could make, as the submission documents and the console show it. */
export interface ExampleRequest {
  method: 'GET' | 'POST';
  /** Path and query. */
  uri: string;
  headers: Record<string, string>;
  /** Absent on GET. */
  body?: string;
}

export interface ExampleOptions {
  flowId: string;
  sourceId: string;
  /** Example values by parameter name; dotted names are nested where the format can. Never changed. */
  params: Readonly<Record<string, unknown>>;
  kind: 'submit' | 'ping';
}

/**
 * One request for each way to send the same parameters: form, query, JSON, XML, and a form answered in XML
 * (fixture inbound-examples.jsonl). `redir_url` goes into the query of a submission, and nowhere in a ping.
 */
export function exampleRequests(options: ExampleOptions): ExampleRequest[] {
  const { redir_url: redirect, ...params } = options.params;
  const path = `/flows/${options.flowId}/sources/${options.sourceId}/${options.kind}`;
  const isRedirected = options.kind === 'submit' && redirect !== undefined;
  const redirectQuery = isRedirected ? encodeForm({ redir_url: redirect }) : '';
  const form = encodeForm(params);
  const nested = unflatten(params);
  const postTo = withQuery(path, [redirectQuery]);
  return [
    post(postTo, { accept: JSON_TYPE, type: FORM_TYPE, body: form }),
    { method: 'GET', uri: withQuery(path, [form, redirectQuery]), headers: { Accept: JSON_TYPE } },
    post(postTo, { accept: JSON_TYPE, type: JSON_TYPE, body: JSON.stringify(nested, undefined, 2) }),
    post(postTo, { accept: XML_TYPE, type: XML_TYPE, body: writeXml('lead', nested) }),
    post(postTo, { accept: XML_TYPE, type: FORM_TYPE, body: form }),
  ];
}

const FORM_TYPE = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const XML_TYPE = 'text/xml';

function post(uri: string, sent: { accept: string; type: string; body: string }): ExampleRequest {
  return { method: 'POST', uri, headers: { Accept: sent.accept, 'Content-Type': sent.type }, body: sent.body };
}

function withQuery(path: string, parts: readonly string[]): string {
  const query = parts.filter((part) => part !== '').join('&');
  return query === '' ? path : `${path}?${query}`;
}

function encodeForm(params: Readonly<Record<string, unknown>>): string {
  return Object.keys(params)
    .flatMap((name) => [params[name]].flat().map((value) => `${encode(name)}=${encode(String(value))}`))
    .join('&');
}

/** A lone surrogate cannot be percent-encoded. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}
