import { buildLead } from '../../../events/build-lead.ts';
import { answer, type Handler } from '../../api.ts';
import { findLeadPast } from './find-lead-past.ts';

/** `GET /leads/{id}`: the lead, its events in order, and why each phase and step decided as it did. */
export const readLead: Handler = async (deps, request) => {
  const found = await findLeadPast(deps, request);
  return found.ok ? answer(200, buildLead(found.value.past, found.value.events)) : found.error;
};
