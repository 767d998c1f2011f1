import type { PostingFormat } from './posting-page.ts';
import { listXmlValues, type PostedValues, withQuery, writeForm, writeJson, writeXmlBody } from './sample-request.ts';

/** A request to a submit URL: what snippets are written from, and what a dry run runs. */
export interface PostedRequest {
  method: 'POST' | 'GET';
  url: string;
  headers: { name: string; value: string }[];
  /** null: it has none. */
  body: string | null;
}

export interface WantedRequest {
  submitUrl: string;
  format: PostingFormat['name'];
  values: PostedValues;
  /** Media type of the answer. */
  accept: string;
  /** Of the header; null: none is needed. */
  authorization: string | null;
}

/** The media type of the body by format. */
export const FORMAT_TYPES = {
  form: 'application/x-www-form-urlencoded',
  json: 'application/json',
  xml: 'application/xml',
} as const;

/** Writes the request; `leftOut` names values that the format cannot carry. */
export function writePostedRequest(wanted: WantedRequest): { request: PostedRequest; leftOut: string[] } {
  const { submitUrl, format, values, accept, authorization } = wanted;
  const headers = [
    { name: 'Accept', value: accept },
    ...(authorization === null ? [] : [{ name: 'Authorization', value: authorization }]),
  ];
  if (format === 'query')
    return { request: { method: 'GET', url: withQuery(submitUrl, values), headers, body: null }, leftOut: [] };
  const carried = new Set((format === 'xml' ? listXmlValues(values) : values).map(({ name }) => name));
  return {
    request: {
      method: 'POST',
      url: submitUrl,
      headers: [{ name: 'Content-Type', value: FORMAT_TYPES[format] }, ...headers],
      body: WRITERS[format](values),
    },
    leftOut: values.map(({ name }) => name).filter((name) => !carried.has(name)),
  };
}

const WRITERS = { form: writeForm, json: writeJson, xml: writeXmlBody } as const;
