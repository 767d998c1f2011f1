import type { Vars } from '../../../../model/vars.ts';
import { isPlainObject, textOf } from '../../../../variables/rich-value.ts';
import type { DeliveryResult } from '../../../contract.ts';
import { decideOutcome, findPrice, findReason } from '../custom-response.ts';
import { objectDocument } from '../json-document.ts';
import { readEnvelope } from './read-envelope.ts';
import { elementValue } from './soap-result.ts';
import type { FoundOperation, Wsdl } from './wsdl.ts';

type Answered = Extract<DeliveryResult, { kind: 'answered' }>;
type Appended = Record<string, unknown>;

/**
 * What an answer means (spec modules c4): everything in it, then outcome, price and reference, and a reason where there
 * is one. A fault, and an answer that is no message of SOAP, is an error and nothing else.
 */
export function soapEvent(
  vars: Vars,
  { found, wsdl, answer }: { found: FoundOperation; wsdl: Wsdl; answer: Answered },
): Appended {
  const { status, body } = answer.response;
  if (answer.truncated) return error('The answer is too long to be read');
  const isDone = status >= 200 && status < 300;
  // Accepted, with nothing to say: SOAP 1.1 over HTTP for messages without an answer (WS-I Basic Profile 1.1, 3.4.4).
  if (isDone && body.trim() === '' && found.operation.isOneWay) return buildEvent(vars, { result: {}, body });
  const read = readEnvelope(body);
  if (read.ok && read.value.kind === 'fault') return error(read.value.reason);
  if (!isDone) return error(`The answer has status ${status}`);
  if (!read.ok) return error(read.error);
  const { element } = read.value.kind === 'message' ? read.value : { element: undefined };
  const type = found.operation.output?.type ?? '';
  const value = element && elementValue(element, type, wsdl.schema);
  // A result that is one text has the name of its element.
  const result = isPlainObject(value) ? value : element && value !== null ? { [element.name]: value } : {};
  return buildEvent(vars, { result, body });
}

function error(reason: string): Appended {
  return { outcome: 'error', reason };
}

function buildEvent(vars: Vars, { result, body }: { result: Appended; body: string }): Appended {
  const document = objectDocument(result);
  const outcome = decideOutcome(vars, { document, body });
  const reason = findReason(vars, document);
  const referencePath = textOf(vars['reference_path']).trim();
  return {
    ...document.appended,
    outcome,
    ...(reason === undefined ? {} : { reason }),
    price: outcome === 'success' ? findPrice(vars, document) : 0,
    reference: referencePath === '' ? undefined : document.reference(referencePath),
  };
}
