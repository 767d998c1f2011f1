import type { FastifyInstance } from 'fastify';
import { type AccountStore, loadAccount } from '../../accounts/account-store.ts';
import { type EventFeed, HEARD_MAX, type Heard } from '../../events/event-feed.ts';
import type { EventStore } from '../../events/event-store.ts';
import { NO_BEFORE } from '../../events/id-range.ts';
import type { FindRevision } from '../../events/revisions.ts';
import { scanEvents } from '../../events/scan-events.ts';
import type { Clock } from '../../lib/clock.ts';
import { isId } from '../../lib/ids.ts';
import type { Query } from '../api.ts';
import { apiError, sendError } from '../errors.ts';
import { type EventQuestion, eventQuestionOf, limitQuestion, STREAM_PARAMETERS } from '../event-question.ts';
import { findPermitted } from '../find-permitted.ts';
import type { IdentifyDeps } from '../identify-caller.ts';
import { givenByQuery, parseParameters } from '../parameters.ts';
import { type EventStream, openEventStream } from './event-stream.ts';

export interface EventStreamsDeps {
  feed: EventFeed;
  events: Pick<EventStore, 'pageOfEvents' | 'findLeads'>;
  findRevision: FindRevision;
  accounts: Pick<AccountStore, 'find'>;
  callers: IdentifyDeps;
  clock: Clock;
}

/** Streams of one account at once, and of the process: each event is written to each. */
const ACCOUNT_STREAMS_MAX = 5;
const STREAMS_MAX = 50;
/** Events that a stream begins with when it goes on; of more the newest. */
const RESUMED_MAX = 500;

const TOO_MANY_STREAMS = apiError(
  'unavailable',
  `Too many streams of events are open: an account has at most ${ACCOUNT_STREAMS_MAX}. Ask GET /events instead.`,
);

/**
 * `GET /events/stream`: new events as they are committed, as server-sent events. Beside the table of routes, because it writes
 * its answer itself.
 */
export function registerEventStream(app: FastifyInstance, deps: EventStreamsDeps): void {
  const open = new Map<() => void, string>();
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
    for (const end of [...open.keys()]) end();
  });
  app.get('/events/stream', async (request, reply) => {
    const principal = await findPermitted(request, { reply, callers: deps.callers, permissions: ['leads.read'] });
    if (!principal) return reply;
    const { accountId } = principal;
    // The query parser gives texts and lists of texts.
    const given = parseParameters(STREAM_PARAMETERS, givenByQuery(request.query as Query));
    const whole = given.ok ? eventQuestionOf({ ...ALL_PAGES, ...given.value }) : given;
    const question = whole.ok ? limitQuestion(whole.value, principal) : whole;
    if (!question.ok) return sendError(reply, question.error);
    const ofAccount = [...open.values()].filter((each) => each === accountId).length;
    if (isClosing || open.size >= STREAMS_MAX || ofAccount >= ACCOUNT_STREAMS_MAX) {
      return sendError(reply, TOO_MANY_STREAMS);
    }
    const place: Place = { end: () => {} };
    const end = () => place.end();
    // Before anything is waited for, so that requests at the same moment are counted.
    open.set(end, accountId);
    try {
      const { timeZone } = await loadAccount(deps, accountId);
      const following = await follow(deps, { accountId, timeZone, question: question.value });
      reply.hijack();
      const { select } = question.value;
      const onEnd = () => {
        following.stop();
        open.delete(end);
      };
      const stream = openEventStream({ res: reply.raw, clock: deps.clock, select, onEnd });
      place.end = stream.end;
      const lastId = lastIdOf(request.headers['last-event-id'], question.value);
      // The status has been sent: a database that is away ends the stream, and the caller connects again.
      if (isClosing) stream.end();
      else await following.sendTo(stream, lastId).catch(stream.end);
    } catch (error) {
      open.delete(end);
      throw error;
    }
    return reply;
  });
}

interface Place {
  end(): void;
}

const ALL_PAGES = { start: undefined, end: undefined, before_id: undefined, limit: undefined, sort: undefined };

/** The position of a browser that connects again goes before that of the URL, which stays the same. */
function lastIdOf(header: string | string[] | undefined, { page }: EventQuestion): string {
  return typeof header === 'string' && isId(header) ? header.toLowerCase() : page.range.after;
}

interface Following {
  stop(): void;
  /** First what came behind `lastId`, then what is heard; '' begins with what is heard. */
  sendTo(stream: EventStream, lastId: string): Promise<void>;
}

/** Listens before it reads what came before, so that nothing falls between the two. */
async function follow(
  deps: EventStreamsDeps,
  { accountId, timeZone, question }: { accountId: string; timeZone: string; question: EventQuestion },
): Promise<Following> {
  const { asked, withDocuments, page } = question;
  const waiting: Heard[] = [];
  let receive = (heard: Heard): void => {
    if (waiting.length < WAITING_MAX) waiting.push(heard);
  };
  const stop = await deps.feed.listen({
    ...{ accountId, timeZone, filter: page.filter, asked, withDocuments },
    receive: (heard) => receive(heard),
  });
  return {
    stop,
    async sendTo(stream, lastId) {
      if (lastId !== '') {
        const { events, truncatedAt } = await scanEvents(deps, {
          ...{ accountId, filter: page.filter, asked, withDocuments, limit: RESUMED_MAX, sort: 'desc' },
          range: { after: lastId, before: NO_BEFORE },
          ctx: { now: deps.clock.now(), timeZone, random: () => 0 },
        });
        stream.resume({ events: events.toReversed(), isCut: truncatedAt !== null || events.length === RESUMED_MAX });
      }
      receive = (heard) => stream.hear(heard);
      for (const heard of waiting) stream.hear(heard);
    },
  };
}

/** Looks that are kept while the past is read, which takes a second at most. */
const WAITING_MAX = Math.ceil(RESUMED_MAX / HEARD_MAX);
