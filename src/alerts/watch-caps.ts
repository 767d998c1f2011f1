import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import { listRunningCaps, type RunningCap } from '../flows/running-caps.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { buildAlertBody } from './build-alert.ts';
import { type CapAlertStore, type NewCapAlert, WATCH_EVERY_MS, type WatchedCap } from './cap-alert.ts';
import { findReached } from './find-reached.ts';
import type { MailAlert } from './mail-alert.ts';
import { findNextAttempt } from './next-attempt.ts';
import type { SendAlert } from './send-alert.ts';

/** Alerts that are sent at the same time, and in one pass; further ones wait for the next. */
const SENT_AT_ONCE_MAX = 20;
/** An alert that a server took and did not end, because it stopped, is sent again after so long. */
const TAKEN_MS = 60_000;
/** Servers that look at about the same time take turns: a look this much early is the next one. */
const EARLY_MS = 1_000;

export interface WatchCapsDeps {
  store: CapAlertStore;
  /** The flows that run here. */
  listFlows(): readonly CompiledFlow[];
  send: SendAlert;
  mail: MailAlert;
  clock: Pick<Clock, 'now'>;
  ids: Pick<Ids, 'next'>;
}

export interface WatchedPass {
  recorded: number;
  sent: number;
  failed: number;
}

/**
 * One pass: records the thresholds that caps have reached, and sends what is due. Where no account has the setting it is
 * two statements that find nothing; where nothing has changed, a look at each counter by its key.
 */
export function createCapWatch({
  store,
  listFlows,
  send,
  mail,
  clock,
  ids,
}: WatchCapsDeps): () => Promise<WatchedPass> {
  const caps = createCapWindows();

  function judge(watched: readonly WatchedCap[], thresholds: readonly number[]): NewCapAlert[] {
    const reached = findReached(watched, thresholds);
    if (reached.length === 0) return [];
    const flows = new Map(listFlows().map((flow) => [flow.id, flow]));
    return reached.flatMap((each) => {
      const { watched, threshold } = each;
      const flow = flows.get(watched.cap.flowId);
      if (!flow) return [];
      const body = buildAlertBody(each, { flow, now: clock.now() });
      return [{ id: `cap_alert_${ids.next()}`, cap: watched.cap, maximum: watched.maximum, threshold, body }];
    });
  }

  async function sendDue(): Promise<Pick<WatchedPass, 'sent' | 'failed'>> {
    const now = clock.now();
    const due = await store.takeDue({ now, again: now + TAKEN_MS, limit: SENT_AT_ONCE_MAX });
    const ends = await Promise.all(
      due.map(async ({ id, body, attempt, target, isPosted, isMailed }) => {
        const [posting, mailing] = await Promise.all([
          isPosted ? null : send(target, { id, body }).then((sent) => sent.fault),
          isMailed || target.emails.length === 0 ? null : mail(target.emails, { id, body }),
        ]);
        const faults = [posting, mailing].filter((each) => each !== null);
        const fault = faults.length === 0 ? null : faults.join('; ');
        const at = clock.now();
        const nextAttemptAt = fault === null ? null : findNextAttempt(attempt, at);
        await store.endAttempt(
          { id, accountId: target.accountId },
          {
            ...{ now: at, reason: fault, nextAttemptAt },
            ...{ isPosted: posting === null, isMailed: mailing === null },
          },
        );
        return fault === null;
      }),
    );
    const sent = ends.filter(Boolean).length;
    return { sent, failed: ends.length - sent };
  }

  return async () => {
    const now = clock.now();
    const recorded = await store.record({
      now,
      lookedBefore: now - WATCH_EVERY_MS + EARLY_MS,
      listCaps: (accountId, lookedAt) =>
        listFlows().flatMap((flow) => (flow.account.id === accountId ? caps.list(flow, { now, lookedAt }) : [])),
      judge,
    });
    return { recorded, ...(await sendDue()) };
  };
}

/** The caps of a flow in their windows, made anew when one of them has ended: a calendar takes some 30 µs a cap. */
function createCapWindows() {
  const known = new WeakMap<CompiledFlow, Windows>();
  return {
    /** Those of now, and those that have ended since the last look: what came at their end counts, too. */
    list(flow: CompiledFlow, { now, lookedAt }: { now: number; lookedAt: number }): readonly RunningCap[] {
      const before = known.get(flow);
      const current = before && now < before.endsAt ? before : listWindows(flow, now);
      known.set(flow, current);
      if (lookedAt >= current.startsAt) return current.caps;
      const ended = listWindows(flow, lookedAt).caps.filter(({ window }) => window.endsAt <= now);
      return [...current.caps, ...ended];
    },
  };
}

interface Windows {
  caps: readonly RunningCap[];
  /** When the last of them began. */
  startsAt: number;
  /** When the first of them ends. */
  endsAt: number;
}

function listWindows(flow: CompiledFlow, now: number): Windows {
  const { id: flowId, document, capGenerations, account } = flow;
  const caps = listRunningCaps({ flowId, document, capGenerations }, { now, timeZone: account.timeZone });
  return {
    caps,
    startsAt: caps.reduce((last, { window }) => Math.max(last, window.startsAt), Number.NEGATIVE_INFINITY),
    endsAt: caps.reduce((first, { window }) => Math.min(first, window.endsAt), Number.POSITIVE_INFINITY),
  };
}
