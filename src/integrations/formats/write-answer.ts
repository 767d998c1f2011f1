import type { HttpAnswer } from '../contract.ts';
import type { MediaType } from './negotiate.ts';
import { writeXml } from './write-xml.ts';

/**
 * Plain values as the answer to a sender, in the format it accepts; who accepts only forms gets JSON under that name.
 * Content-Length counts bytes; the hosted modules count characters, which is wrong for other than ASCII text.
 */
export function writeAnswer(
  mediaType: MediaType,
  { status, values }: { status: number; values: Record<string, unknown> },
): HttpAnswer {
  const body = WRITERS[mediaType](values);
  const headers = { 'Content-Type': mediaType, 'Content-Length': String(Buffer.byteLength(body)) };
  return { status, headers, body };
}

const WRITERS: Record<MediaType, (values: Record<string, unknown>) => string> = {
  'application/x-www-form-urlencoded': JSON.stringify,
  'application/json': JSON.stringify,
  'application/xml': (values) => writeXml('result', values),
  'text/xml': (values) => writeXml('result', values),
};
