import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { HttpAnswer } from '../../integrations/contract.ts';
import type { LeadRun } from '../../pipeline/lead-run.ts';
import { scrubberOf } from '../../pipeline/lead-scrubber.ts';
import { recordRequest } from '../../pipeline/write-lead.ts';

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

/**
 * The answer of seed 000: 200 with a list of one record of the request, as the lead's event has it, and what is answered
 * otherwise. So of a lead with masked values neither holds them (decision 0036).
 */
export function asRecords(request: FastifyRequest, made: { answer: HttpAnswer; run: LeadRun }): HttpAnswer {
  const { method, uri: target, headers, body, version, timestamp } = recordRequest(made.run);
  const uri = `${request.protocol}://${request.host}${target}`;
  const { status, headers: answerHeaders } = made.answer;
  const answerBody = scrubberOf(made.run)(made.answer.body);
  const record = {
    request: { method, uri, headers, body: body ?? '', version, timestamp },
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
