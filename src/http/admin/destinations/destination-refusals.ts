import type { FlowUsage } from '../../../destinations/destination.ts';
import { SECRET_PREFIX } from '../../../integrations/builtin/sluice/webhook.ts';
import type { Problem } from '../../../model/problem.ts';
import { type ApiError, apiError } from '../../errors.ts';

export const UNKNOWN_DESTINATION = apiError('not_found', 'There is no destination with this instance id.');

export function malformedDestination(problems: readonly Problem[]): ApiError {
  return apiError('invalid_document', 'The destination is not valid; details says where.', problems);
}

/** Names in a sentence; the count tells of the others. */
const FLOWS_NAMED_MAX = 10;

/** `subject` begins the sentence: "The destination is used by …". */
export function destinationInUse(subject: string, flows: readonly FlowUsage[]): ApiError {
  const names = flows.slice(0, FLOWS_NAMED_MAX).map(({ name }) => `"${name}"`);
  const more = flows.length > names.length ? ` and ${flows.length - names.length} more` : '';
  const what = flows.length === 1 ? 'the flow' : 'the flows';
  const remedy = 'take it out there, save and deploy first.';
  return apiError('conflict', `${subject} is used by ${what} ${names.join(', ')}${more}: ${remedy}`);
}

const KEY_BYTES = 32;

/** A new key as the Standard Webhooks specification writes it. */
export function newSecret(randomBytes: (count: number) => Buffer): string {
  return `${SECRET_PREFIX}${randomBytes(KEY_BYTES).toString('base64')}`;
}
