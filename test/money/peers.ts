import type { Buying } from './agreements.ts';
import type { History, Reply } from './history.ts';

/** A delivery that a buyer bought, as it wrote it down. */
export interface Sale extends Buying {
  lead: number;
  /** A sender that was told to submit it again has two leads with one number. */
  leadId: string;
  /** The event that the buyer may name in feedback. */
  eventId: string;
  /** Did the buyer answer? */
  isAnswered: boolean;
}

/** What a request to a peer is answered; `hangUp`: nothing. */
export type PeerAnswer = { status?: number; body: unknown } | 'hangUp';

export interface PeerRequest {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Buyers, the pricing service and the source that is asked, with what they wrote down. */
export interface Peers {
  answer(request: PeerRequest): PeerAnswer;
  /** By the number of the lead. */
  sales: Map<number, Sale[]>;
  /** Deliveries that came in, bought or not. */
  deliveries: number;
  /** What the service answered; null: a fault. A lead that it was not asked about is missing. */
  quotes: Map<number, number | null>;
  /** What the source answered to returns, by the id of the feedback. */
  sourceSaid: Map<string, { lead: number; said: 'accepts' | 'declines' }>;
}

/** `findHistory`: by the number of the lead, which it carries as its first name. */
export function openPeers(findHistory: (lead: number) => History | undefined): Peers {
  const played = new Map<string, number>();
  const boughtByKey = new Map<string, unknown>();
  const saidByKey = new Map<string, 'accepts' | 'declines'>();
  const peers: Peers = { answer, sales: new Map(), deliveries: 0, quotes: new Map(), sourceSaid: new Map() };

  function answer({ path, headers, body }: PeerRequest): PeerAnswer {
    const [, kind = '', flow = '', buyer = ''] = path.split('/');
    const given = JSON.parse(body);
    const key = headers['idempotency-key']?.toString();
    const lead = Number(kind === 'price' ? given.data.variables['lead.first_name'] : given.lead);
    const history = findHistory(lead);
    if (!history) return { status: 404, body: {} };
    switch (kind) {
      case 'price':
        peers.quotes.set(lead, history.quoted);
        return history.quoted === null ? { status: 500, body: {} } : { body: { price: history.quoted / 10_000 } };
      case 'bid':
        return { body: { outcome: 'success', price: (history.prices[Number(buyer)] ?? 0) / 10_000 } };
      case 'source':
        return askSource({ lead, type: String(given.type), key, history });
      default: {
        peers.deliveries += 1;
        const buying = { flow: Number(flow), buyer: Number(buyer), isAgain: kind === 'again' };
        return deliver({ lead, history, buying, key, leadId: String(given.id), eventId: String(given.event) });
      }
    }
  }

  function deliver(at: {
    lead: number;
    history: History;
    buying: Buying;
    key: string | undefined;
    leadId: string;
    eventId: string;
  }) {
    const { lead, history, buying, key, leadId, eventId } = at;
    const known = key === undefined ? undefined : boughtByKey.get(key);
    if (known !== undefined) return { body: known };
    const reply = nextReply(`${lead} ${buying.buyer} ${buying.isAgain}`, history.replies[buying.buyer] ?? []);
    if (reply === 'fails') return { status: 503, body: {} };
    if (reply === 'loses') return 'hangUp';
    if (reply === 'refuses') return { body: { outcome: 'failure', reason: 'no' } };
    const body = { outcome: 'success', price: (history.prices[buying.buyer] ?? 0) / 10_000 };
    if (key !== undefined) boughtByKey.set(key, body);
    peers.sales.set(lead, [
      ...(peers.sales.get(lead) ?? []),
      { ...buying, lead, leadId, eventId, isAnswered: reply === 'buys' },
    ]);
    return reply === 'buys' ? { body } : 'hangUp';
  }

  function nextReply(name: string, replies: readonly Reply[]): Reply {
    const count = played.get(name) ?? 0;
    played.set(name, count + 1);
    return replies[count] ?? 'refuses';
  }

  /** Of one feedback its answer is always the same. */
  function askSource(at: { lead: number; type: string; key: string | undefined; history: History }): PeerAnswer {
    const { lead, type, key = '', history } = at;
    const count = played.get(key) ?? 0;
    played.set(key, count + 1);
    const reply = history.sourceReplies[count] ?? 'accepts';
    const said = saidByKey.get(key) ?? (reply === 'hangs up' ? undefined : reply);
    if (said === undefined) return 'hangUp';
    saidByKey.set(key, said);
    if (type === 'return') peers.sourceSaid.set(key, { lead, said });
    return { body: { outcome: said === 'accepts' ? 'success' : 'failure', reason: 'said so' } };
  }

  return peers;
}
