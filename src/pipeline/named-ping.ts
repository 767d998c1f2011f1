import { isId } from '../lib/ids.ts';
import type { LeadRun, NamedPing, RunPart } from './lead-run.ts';
import type { ListRequest, SeenPing } from './run-store.ts';

/*
 * A post that names a ping gets its price, once (decision page 0074). The ping's id is then a value that the lead's claim
 * holds, as of a list: found on it means redeemed, it stays when the lead succeeds or may have been delivered, and is
 * free again when the lead fails. No statement is made for it.
 */

/** `list_items.list_id` of the pings that are redeemed; no list of an account has an id like it. */
export const PINGS_LIST_ID = 'pings';

/** As modules see it. */
export const PING_ID_HEADER = 'X-Ping-Id';
/** The parameter that names a ping, in the query or in the body. */
export const PING_ID_PARAMETER = 'ping_id';

/** What a post names; undefined: no ping. The header wins: only senders of ours send it. */
export function readPingId(run: RunPart<'submission' | 'values'>): unknown {
  const { submission, values } = run;
  const given = submission.request.headers[PING_ID_HEADER] ?? values[PING_ID_PARAMETER];
  if (given === undefined || given === null) return undefined;
  if (typeof given !== 'string') return given;
  const text = given.trim();
  return text === '' ? undefined : text;
}

/** The id of a ping in lower case; null: it cannot be one. */
export function asPingId(given: unknown): string | null {
  return typeof given === 'string' && isId(given) ? given.toLowerCase() : null;
}

/** Twelve bytes, in the order of time: so what is past can be swept along the primary key. */
export function buildRedemption(pingId: string): ListRequest {
  return { listId: PINGS_LIST_ID, value: Buffer.from(pingId, 'hex'), cutoff: null, hold: true };
}

/** What is known of a ping when its post is priced. */
export interface PostOfPing {
  seen: SeenPing;
  flowId: string;
  sourceId: string;
  /** Another lead has its price, or is about to. */
  isRedeemed: boolean;
  /** Epoch ms: when the post came in. */
  postedAt: number;
  /** Has the post all values of the ping? */
  isSame(): boolean;
}

interface Hindrance {
  reason: string;
  /** For the reference. */
  when: string;
  stands(post: PostOfPing): boolean;
}

/**
 * Why a post does not get the price of the ping that it names, in the order asked. The lead is then a failure with this
 * reason: it must not be sold at another price than its sender was promised.
 */
export const HINDRANCES: readonly Hindrance[] = [
  {
    reason: 'Ping is of another source',
    when: 'The ping came from another source or to another flow.',
    stands: ({ seen, flowId, sourceId }) => seen.flowId !== flowId || seen.sourceId !== sourceId,
  },
  {
    reason: 'Ping was not accepted',
    when: 'The answer to the ping was a failure, so it promised no price.',
    stands: ({ seen }) => !seen.isAccepted,
  },
  {
    reason: 'Ping already redeemed',
    when: 'Another lead has its price, or is being processed with it.',
    stands: ({ isRedeemed }) => isRedeemed,
  },
  {
    reason: 'Ping expired',
    when: 'The post came after `ping_life_seconds` of the flow; of a resubmission the lead that was sent first counts.',
    stands: ({ seen, postedAt }) => postedAt > seen.expiresAt,
  },
  {
    reason: 'Lead differs from its ping',
    when: 'A value of the ping is different in the post, or missing; the source event names the fields. The post may have more.',
    stands: (post) => !post.isSame(),
  },
];

/** Of a post that names what is no ping, on a flow that answers pings; a flow that does not ignores the parameter. */
export const PING_NOT_FOUND = 'Ping not found';

/** The reason why the post does not get the price of the ping; null: it gets it. */
export function findHindrance(post: PostOfPing): string | null {
  return HINDRANCES.find(({ stands }) => stands(post))?.reason ?? null;
}

/** The ping whose price the lead has; null: none, or it was refused. */
export function pricingPing(run: RunPart<'offered'> & { namedPing: Readonly<NamedPing> | null }): string | null {
  return run.offered.winner?.by === 'ping' ? (run.namedPing?.id ?? null) : null;
}

export type NamingRun = Pick<LeadRun, 'namedPing'>;
