import { writeXml } from '../integrations/formats/write-xml.ts';
import type { PostingSample } from './posting-page.ts';

/** Of parameters, as a vendor posts them. */
export type PostedValues = readonly { name: string; value: string }[];

/** The same values as the body of each format, and as the URL of a GET. */
export function writeSample(values: PostedValues, submitUrl: string): PostingSample {
  return {
    values: [...values],
    bodies: {
      form: writeForm(values),
      json: writeJson(values),
      xml: writeXmlBody(values),
      query: withQuery(submitUrl, values),
    },
  };
}

/** One object, indented. */
export function writeJson(values: PostedValues): string {
  return JSON.stringify(Object.fromEntries(values.map(({ name, value }) => [name, value])), null, 2);
}

/** An element for each value whose name allows it. */
export function writeXmlBody(values: PostedValues): string {
  return writeXml('lead', Object.fromEntries(listXmlValues(values).map(({ name, value }) => [name, value])));
}

/** Form fields, percent-encoded as browsers do it, but for `%20` instead of `+`. */
export function writeForm(values: PostedValues): string {
  return values.map(({ name, value }) => `${encode(name)}=${encode(value)}`).join('&');
}

export function withQuery(url: string, values: PostedValues): string {
  return values.length === 0 ? url : `${url}?${writeForm(values)}`;
}

/** Those whose names can be the names of elements. */
export function listXmlValues(values: PostedValues): PostedValues {
  return values.filter(({ name }) => XML_NAME.test(name));
}

const XML_NAME = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;

/** Also what shells and old servers take for more than text: `'` and `!` and brackets. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(LONE_SURROGATES, '\u{fffd}')).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** They have no bytes in UTF-8. */
const LONE_SURROGATES = /\p{Surrogate}/gu;
