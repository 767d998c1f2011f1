import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { HttpAnswer, InboundRequest } from '../../integrations/contract.ts';
import { scrubHeaders } from '../../variables/scrub-secrets.ts';

/** Does the caller ask for the form of seed 000 (decision 41)? */
export function wantsRecords(headers: IncomingHttpHeaders): boolean {
  const { prefer } = headers;
  return (
    prefer !== undefined &&
    String(prefer)
      .split(',')
      .some((each) => each.trim().toLowerCase() === 'return=representation')
  );
}

/** The answer of seed 000: 200 with a list of one record of what was sent and what is answered otherwise. */
export function asRecords(
  request: FastifyRequest,
  { sent, answer }: { sent: InboundRequest; answer: HttpAnswer },
): HttpAnswer {
  const { method, headers, body, version, timestamp } = sent;
  const uri = `${request.protocol}://${request.host}${request.raw.url ?? ''}`;
  const { status, headers: answerHeaders, body: answerBody } = answer;
  const record = {
    request: { method, uri, headers: scrubHeaders(headers), body, version, timestamp },
    response: {
      status,
      headers: { ...answerHeaders, 'Content-Length': String(Buffer.byteLength(answerBody)) },
      body: answerBody,
    },
  };
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Preference-Applied': 'return=representation' },
    body: JSON.stringify([record]),
  };
}
