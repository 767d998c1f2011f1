import { maySeeValues, type Principal } from '../../access/principal.ts';
import { type AccountStore, loadAccount } from '../../accounts/account-store.ts';
import { buildEvent } from '../../events/build-event.ts';
import { hideValuesOfEvent } from '../../events/hide-values.ts';
import type { FindRevision } from '../../events/revisions.ts';
import { scanEvents } from '../../events/scan-events.ts';
import type { Clock } from '../../lib/clock.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import {
  type AskedForEvents,
  type EventQuestion,
  eventQuestionOf,
  limitQuestion,
  parseEventSearch,
} from '../event-question.ts';
import { answerPage } from '../paging.ts';
import { invalidDocument } from '../read-body.ts';
import type { ReadingStores } from '../reading-stores.ts';

export interface EventDeps {
  accounts: Pick<AccountStore, 'find'>;
  reading: Pick<ReadingStores, 'events'>;
  findRevision: FindRevision;
  clock: Clock;
}

const UNKNOWN_EVENT = apiError('not_found', 'There is no event with this id; it may be past the retention period.');
/** `GET /events`: a page of events, newest first unless asked otherwise. */
export async function listEvents(
  deps: EventDeps,
  { principal, query }: { principal: Principal; query: AskedForEvents },
): Promise<ApiResult> {
  const question = eventQuestionOf(query);
  return question.ok ? askForEvents(deps, { principal, question: question.value }) : question.error;
}

/** `POST /events`: the same with the question in the body. */
export async function searchEvents(
  deps: EventDeps,
  { principal, body }: { principal: Principal; body: object },
): Promise<ApiResult> {
  const parsed = parseEventSearch(body);
  const question = parsed.ok ? eventQuestionOf(parsed.value) : parsed;
  if (!question.ok) return invalidDocument(question.error.details ?? [], question.error.message);
  return askForEvents(deps, { principal, question: question.value });
}

async function askForEvents(
  deps: EventDeps,
  { principal, question }: { principal: Principal; question: EventQuestion },
): Promise<ApiResult> {
  const { accountId } = principal;
  const limited = limitQuestion(question, principal);
  if (!limited.ok) return limited.error;
  const { page, asked, select, withDocuments } = limited.value;
  const account = await loadAccount(deps, accountId);
  // A question must have the same answer twice, so nothing in it is random.
  const ctx = { now: deps.clock.now(), timeZone: account.timeZone, random: () => 0 };
  const { events, truncatedAt } = await scanEvents(
    { ...deps, events: deps.reading.events },
    { ...page, accountId, asked, withDocuments, ctx },
  );
  return answerPage(events.map(select), truncatedAt);
}

/** `GET /events/{id}` */
export async function readEvent(
  deps: EventDeps,
  { principal, params }: { principal: Principal; params: { id: string } },
): Promise<ApiResult> {
  const found = await deps.reading.events.findEvent({ accountId: principal.accountId, eventId: params.id });
  if (!found) return UNKNOWN_EVENT;
  const { lead, event } = found;
  const built = buildEvent({ lead, flow: await deps.findRevision(lead) }, event);
  return answer(200, maySeeValues(principal) ? built : hideValuesOfEvent(built));
}
