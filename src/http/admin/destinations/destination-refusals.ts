import { SECRET_PREFIX } from '../../../integrations/builtin/sluice/webhook.ts';
import type { Problem } from '../../../model/problem.ts';
import { type ApiError, apiError } from '../../errors.ts';

export const UNKNOWN_DESTINATION = apiError('not_found', 'There is no destination with this instance id.');

export function malformedDestination(problems: readonly Problem[]): ApiError {
  return apiError('invalid_document', 'The destination is not valid; details says where.', problems);
}

const KEY_BYTES = 32;

/** A new key as the Standard Webhooks specification writes it. */
export function newSecret(randomBytes: (count: number) => Buffer): string {
  return `${SECRET_PREFIX}${randomBytes(KEY_BYTES).toString('base64')}`;
}
