import { describe, expect, it } from 'vitest';
import { startRun } from '../pipeline/lead-run.ts';
import { leadLine } from './lead-line.ts';

const FLOW_ID = '5fd0c0de0000000000000001';
const REQUEST = { method: 'POST', uri: '/', version: '1.1', headers: {}, query: '', body: '', timestamp: 0 };

/** The line of a lead that was refused before its flow was found. */
function refusedAt(flowId: string, sourceRef: string) {
  const submission = { flowId, sourceRef, request: REQUEST, ip: '127.0.0.1', authorization: undefined, arrivedAt: 0 };
  const answer = { status: 404, headers: {}, body: '' };
  return leadLine(startRun(submission), { end: { kind: 'answered', answer }, ms: 1 });
}

describe('leadLine', () => {
  it('a refused lead names the flow and the source it was sent to', () => {
    expect(refusedAt(FLOW_ID, 'demo01')).toMatchObject({ flow_id: FLOW_ID, source_id: 'demo01', status: 404 });
    expect(refusedAt(FLOW_ID.toUpperCase(), FLOW_ID)).toMatchObject({ flow_id: FLOW_ID, source_id: FLOW_ID });
  });

  it('what is no id stays out of the log: it may be anything', () => {
    expect(refusedAt('ann@example.com', '512-789-1111')).toMatchObject({ flow_id: undefined, source_id: undefined });
  });
});
