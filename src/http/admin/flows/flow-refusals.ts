import { type SaveFailure, sentenceOfStale } from '../../../flows/save-flow.ts';
import { unreachable } from '../../../lib/assert.ts';
import { type ApiError, apiError } from '../../errors.ts';

export const UNKNOWN_FLOW: ApiError = apiError('not_found', 'There is no flow with this id.');

/** Why a flow was not saved, as an error of the API. */
export function errorOfSave(failure: SaveFailure): ApiError {
  switch (failure.kind) {
    case 'malformed':
      return apiError('invalid_document', 'The flow is malformed; details says where.', failure.problems);
    case 'id-taken':
      return apiError(
        'id_taken',
        'The id of the flow is taken: PUT /flows/{id} saves a flow that is there; leave the id out to make a new one.',
      );
    case 'stale':
      return apiError('conflict', sentenceOfStale(failure));
    case 'not-found':
      return UNKNOWN_FLOW;
    default:
      return unreachable(failure);
  }
}
