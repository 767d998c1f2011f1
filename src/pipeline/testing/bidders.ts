import type { Candidate } from '../../model/flow.ts';
import type { RecipientScript, ScriptedDeliver } from './scripted-ports.ts';
import { candidateOf } from './test-flow.ts';

/** Of all buyers. */
export const HOST = 'https://buyer.example.com';

/** A buyer with a question for its bid; its URLs have its name, so that a script can answer for it. */
export function bidder(name: string, parts: Partial<Candidate> = {}): Candidate {
  const mapped = { url: `${HOST}/bid/${name}`, 'json_property.state': '{{lead.state}}' };
  const mappings = Object.entries(mapped).map(([property, value]) => ({ property, value }));
  return candidateOf(
    name,
    { bid: { module_id: 'leadconduit-custom.outbound.json', mappings: [...mappings, ...READS] }, ...parts },
    { url: `${HOST}/lead/${name}`, 'json_property.bid': '{{distribution.main.bid_id}}' },
  );
}

const READS = [
  { property: 'outcome_search_path', value: 'outcome' },
  { property: 'outcome_search_term', value: 'success' },
  { property: 'reason_path', value: 'reason' },
  { property: 'price_path', value: 'price' },
];

/** What a buyer does with a request. */
export type Answer = ReturnType<RecipientScript>;

/** The answer of a buyer that bids. */
export function bids(amount: number, parts: object = {}): Answer {
  return { body: { outcome: 'success', price: amount, ...parts } };
}

/** Answers to bids by the buyer's name, and to deliveries, which are bought unless they say otherwise. */
export function answers(asked: Record<string, Answer>, delivered: Record<string, Answer> = {}): RecipientScript {
  return ({ url }) => {
    const [kind, name = ''] = url.slice(HOST.length + 1).split('/');
    return (kind === 'bid' ? asked[name] : delivered[name]) ?? { body: { outcome: 'success' } };
  };
}

/** Where requests went, in order: `bid/Beta`, `lead/Beta`. */
export function listPaths({ sent }: Pick<ScriptedDeliver, 'sent'>): string[] {
  return sent.map(({ request }) => request.url.slice(HOST.length + 1));
}
