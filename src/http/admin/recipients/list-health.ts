import { answer, type Handler } from '../../api.ts';
import { healthAnswer } from './health-answer.ts';

/** `GET /recipients/health`: how each server process sees the recipients it sent to; circuits that are not closed first. */
export const listRecipientHealth: Handler = async (deps, { principal }) => {
  const told = await deps.recipientHealth.list(principal.accountId);
  return answer(200, told.map(healthAnswer));
};
