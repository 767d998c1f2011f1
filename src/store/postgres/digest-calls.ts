import type { SettleRequest } from '../../pipeline/run-store.ts';
import { type Later, writeLater, writeTallies } from '../../statistics/stored-digest.ts';
import { type CountedEvent, sumLead, sumPing } from '../../statistics/sum-lead.ts';
import { createTallies, type Tallies } from '../../statistics/tallies.ts';
import { parseEventFacts, type StoredFacts } from '../../stored/event-facts.ts';
import type { EventRow } from '../../stored/intent-state.ts';
import { parsePingFacts } from '../../stored/ping-facts.ts';
import { textArray } from './binary-array.ts';
import type { PreparedCall } from './session.ts';
import { insertDigests } from './settle-statements.ts';

/**
 * Leads from this id on count with their end; null: not known yet. What ends before it is named alone, and counted by
 * reading it: only the fold knows whether the counting of earlier leads has passed it (decision page 0091).
 */
export type DigestsFrom = () => string | null;

interface Digest {
  /** The smallest id. */
  id: string;
  tallies: Tallies | null;
  later: Later;
}

/** The digest of what ends in a group: one row an account, summed up here. */
export function buildDigestCall(settles: readonly SettleRequest[], from: string | null): PreparedCall {
  const digests = new Map<string, Digest>();
  for (const settle of settles) addTo(digestOf(digests, settle), { settle, from });
  const all = [...digests.values()];
  return {
    statement: insertDigests,
    values: [
      textArray([...digests.keys()]),
      textArray(all.map(({ id }) => id.slice(0, 8))),
      textArray(all.map(({ id }) => id)),
      textArray(all.map(({ tallies }) => tallies && writeTallies(tallies))),
      textArray(all.map(({ later }) => (later.leads.length + later.pingIds.length > 0 ? writeLater(later) : null))),
    ],
  };
}

function digestOf(digests: Map<string, Digest>, { run }: SettleRequest): Digest {
  let digest = digests.get(run.accountId);
  if (!digest) {
    digest = { id: run.runId, tallies: null, later: { leads: [], pingIds: [] } };
    digests.set(run.accountId, digest);
  }
  if (run.runId < digest.id) digest.id = run.runId;
  return digest;
}

function addTo(digest: Digest, { settle, from }: { settle: SettleRequest; from: string | null }): void {
  const { run, ping, events } = settle;
  const leadId = run.runId;
  if (from === null || leadId < from) {
    if (ping) digest.later.pingIds.push(leadId);
    else digest.later.leads.push({ leadId, from: 0, to: Math.max(0, ...events.map(({ seq }) => seq)), entryIds: [] });
    return;
  }
  digest.tallies ??= createTallies();
  if (ping) sumPingEnd(digest.tallies, { settle, facts: ping.facts });
  else sumLeadEnd(digest.tallies, settle);
}

function sumLeadEnd(tallies: Tallies, settle: SettleRequest): void {
  const { run, outcome, reason, facts, fields = [] } = settle;
  const events = settle.events.map((event, index) => countedEventOf(event, facts?.[index]));
  const { runId: leadId, flowId, sourceId } = run;
  sumLead(tallies, { leadId, flowId, sourceId, outcome, reason, events, fields });
}

function sumPingEnd(tallies: Tallies, { settle, facts }: { settle: SettleRequest; facts: string }): void {
  const { run, outcome, reason, price } = settle;
  // Few pings hold an auction, and nothing else of the facts is counted.
  const { distributions } = facts.includes('"distributions"') ? parsePingFacts(JSON.parse(facts)) : {};
  sumPing(tallies, {
    ...{ id: run.runId, flowId: run.flowId, sourceId: run.sourceId },
    ...{ outcome, reason, price, distributions },
  });
}

/** Facts of filters are not counted, so their texts are not read. */
function countedEventOf(event: EventRow, known: StoredFacts | undefined): CountedEvent {
  const { id, seq, type, outcome, reason, stepId, recipientId } = event;
  const facts = known ?? (type === 'filter' ? NO_FACTS : parseEventFacts(JSON.parse(event.facts)));
  return { id, seq, type, outcome, reason, stepId, recipientId, facts };
}

const NO_FACTS: StoredFacts = {};
