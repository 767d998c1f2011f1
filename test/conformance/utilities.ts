import { feedback } from '../../src/integrations/builtin/leadconduit-standard/feedback.ts';
import { SUPPORTED_TYPES_TEXT } from '../../src/integrations/formats/refusals.ts';
import { parseFullName } from '../../src/templates/parse-full-name.ts';
import { type Mismatch, mismatches } from './difference.ts';
import { failedCheck, type Suite } from './suite.ts';

/** Small functions that published packages share; ours do the same where we have a use for them. */
export const utilitySuites: readonly Suite[] = [
  {
    file: 'integration-utils.jsonl',
    isPending: (measured) => PENDING_OPERATIONS.has((measured as Measured).op),
    check: checkCase,
    lenient: [
      {
        why: 'the address of the hosted product; this server knows its own',
        covers: (_, measured) => (measured as Measured).op === 'getBaseUrl',
      },
    ],
  },
];

/** Functions of the shared package of which we have none yet. */
const PENDING_OPERATIONS: ReadonlySet<string> = new Set(['stripMetadata', 'typeVariables']);

interface Measured {
  op: string;
  input?: string;
  request?: { method: string; headers: Record<string, string>; body?: string };
  mime_types?: string[];
  output: unknown;
}

function checkCase(measured: unknown): Mismatch[] {
  const { op, input = '', output, ...given } = measured as Measured; // an edge: a line of the case file
  switch (op) {
    case 'parseFullname':
      return mismatches(output, parseFullName(input));
    case 'validateRequest':
      return mismatches(output, validateRequest(given));
    case 'getBaseUrl':
      return mismatches(output, undefined);
    default:
      return failedCheck(`nothing of ours does ${op}`);
  }
}

/** A body is read only where one is announced. */
const BODY = { 'Content-Length': '2' };

/**
 * The feedback module is the one that refuses as the shared function does (spec modules b). It takes types of its own,
 * so one that the case does not take is shown to it as a type that no module takes.
 */
function validateRequest({ request, mime_types: mimeTypes }: Pick<Measured, 'request' | 'mime_types'>): unknown {
  const { method = 'POST', headers = {}, body = '' } = request ?? {};
  const given = headers['Content-Type'];
  const isTaken = given === undefined || mimeTypes === undefined || mimeTypes.includes(given.split(';')[0] ?? '');
  const result = feedback.request({
    ...{ uri: '/', version: '1.1', timestamp: 0, method, body },
    headers: { ...BODY, ...headers, ...(!isTaken && { 'Content-Type': 'x-unknown/x-unknown' }) },
  });
  if (result.ok) return null;
  const text = result.error.body.replace(SUPPORTED_TYPES_TEXT, mimeTypes?.join(', ') ?? SUPPORTED_TYPES_TEXT);
  return { error: { ...result.error, body: text } };
}
