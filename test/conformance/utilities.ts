import { parseBody } from '../../src/integrations/builtin/leadconduit-default/parse-body.ts';
import type { InboundRequest } from '../../src/integrations/contract.ts';
import { parseFullName } from '../../src/templates/parse-full-name.ts';
import { difference } from './difference.ts';
import type { Suite } from './suite.ts';

/** Small functions that published packages share; ours do the same where we have a use for them. */
export const utilitySuites: readonly Suite[] = [
  {
    file: 'integration-utils.jsonl',
    isNotYet: (measured) => !OPERATIONS.includes((measured as Measured).op),
    check: checkCase,
    lenient: [
      {
        why: 'the address of the hosted product; this server knows its own',
        covers: (measured) => (measured as Measured).op === 'getBaseUrl',
      },
    ],
  },
];

/** The functions of which we have one, or of which we say why not. */
const OPERATIONS = ['parseFullname', 'validateRequest', 'getBaseUrl'];

interface Measured {
  op: string;
  input?: string;
  request?: { method: string; headers: Record<string, string>; body?: string };
  output: unknown;
}

function checkCase(measured: unknown): string | undefined {
  const { op, input = '', request, output } = measured as Measured; // an edge: a line of the case file
  switch (op) {
    case 'parseFullname':
      return difference(output, parseFullName(input));
    case 'validateRequest':
      return difference(
        output,
        validate({
          uri: '/',
          version: '1.1',
          timestamp: 0,
          method: 'POST',
          body: '',
          ...request,
          headers: { ...BODY, ...request?.headers },
        }),
      );
    default:
      return `nothing of ours does ${op}`;
  }
}

/** A body is read only where one is announced. */
const BODY = { 'Content-Length': '2' };

function validate(request: InboundRequest): unknown {
  const read = parseBody(request);
  return read.ok ? null : { error: read.error };
}
