import { scanEvents } from '../../../events/scan-events.ts';
import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { type ApiDeps, type ApiResult, answer, type Handler } from '../../api.ts';
import { type Given, givenByBody, givenByQuery } from '../../parameters.ts';
import { eventQuestionOf } from './event-question.ts';

/** Names the last event that was looked at when a search ended at a bound; the caller goes on from there. */
const TRUNCATED = 'X-Scan-Truncated-At';

/** `GET /events`: a page of events, newest first unless asked otherwise. */
export const listEvents: Handler = (deps, { principal, query }) =>
  askForEvents(deps, { accountId: principal.accountId, given: givenByQuery(query) });

/** `POST /events`: the same with the question in the body. */
export const searchEvents: Handler = async (deps, { principal, body }) => {
  const given = givenByBody(body);
  return given.ok ? askForEvents(deps, { accountId: principal.accountId, given: given.value }) : given.error;
};

async function askForEvents(deps: ApiDeps, asked: { accountId: string; given: Given }): Promise<ApiResult> {
  const { accountId, given } = asked;
  const question = eventQuestionOf(given);
  if (!question.ok) return question.error;
  const { page, test, select } = question.value;
  const { account } = await surroundingsOf(deps, accountId);
  // A question must have the same answer twice, so nothing in it is random.
  const ctx = { now: deps.clock.now(), timeZone: account.timeZone, random: () => 0 };
  const { events, truncatedAt } = await scanEvents(deps, { ...page, accountId, test, ctx });
  const whole = answer(200, events.map(select));
  return truncatedAt === null ? whole : { ...whole, headers: { [TRUNCATED]: truncatedAt } };
}
