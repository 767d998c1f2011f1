import { fail, ok, type Result } from '../../../../lib/result.ts';
import { SOAP } from './namespaces.ts';
import { readXml, type XmlElement } from './xml-element.ts';

/** As long as any XML answer that is read; the longest take 0.1 s, and nothing else runs meanwhile. */
const BOUNDS = { charactersMax: 131_072, tagsMax: 8_192 };

/** What an answer carries: a fault with its text, or the element inside the Body (undefined: none). */
export type SoapMessage = { kind: 'fault'; reason: string } | { kind: 'message'; element: XmlElement | undefined };

/** Reads an answer of either SOAP version, whichever was asked in, or says as a sentence why it is none. */
export function readEnvelope(text: string): Result<SoapMessage, string> {
  const read = readXml(text, BOUNDS);
  if (!read.ok) return fail(`The answer ${read.error}`);
  const envelope = read.value;
  const isEnvelope = envelope.name === 'Envelope' && NAMESPACES.includes(envelope.namespace);
  if (!isEnvelope) return fail('The answer is not a SOAP envelope');
  const element = child(child(envelope, 'Body'), undefined);
  if (element?.name === 'Fault' && element.namespace === envelope.namespace) {
    return ok({ kind: 'fault', reason: faultReason(element) });
  }
  return ok({ kind: 'message', element });
}

const NAMESPACES = [SOAP['1.1'].envelope, SOAP['1.2'].envelope];

/** The words of the fault, else its code (SOAP 1.1, 4.4; SOAP 1.2, 5.4). */
function faultReason(fault: XmlElement): string {
  const words = child(fault, 'faultstring') ?? child(child(fault, 'Reason'), 'Text');
  const code = child(fault, 'faultcode') ?? child(child(fault, 'Code'), 'Value');
  return words?.text.trim() || code?.text.trim() || 'SOAP fault';
}

/** The first child of a name, or the first of all; faults are written with and without their namespace. */
function child(element: XmlElement | undefined, name: string | undefined): XmlElement | undefined {
  return element?.children.find((each) => name === undefined || each.name === name);
}
