import { STANDARD_FIELDS } from '../../../fields/standard-fields.ts';
import { type ApiError, apiError } from '../../errors.ts';

export const UNKNOWN_FIELD: ApiError = apiError('not_found', 'There is no field with this id.');

/** Standard fields are the same for everybody, so nobody changes or deletes them (spec behaviour 1). */
export function refusalOfStandardField(fieldId: string): ApiError | undefined {
  return STANDARD_FIELDS.has(fieldId)
    ? apiError('standard_field', 'A standard field cannot be changed or deleted; make one of your own.')
    : undefined;
}
