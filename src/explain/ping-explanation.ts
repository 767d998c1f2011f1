import {
  buildPing,
  explainPing,
  explainPingCap,
  explainPingLimit,
  offersOf,
  type PingPast,
} from '../events/build-ping.ts';
import { explainBid, explainOfferCap, findOffer } from '../events/explain-lead.ts';
import type { CompiledRecipient } from '../flow-compiler/compiled-flow.ts';
import { dollars } from '../model/money.ts';
import { capSentence } from './cap-sentence.ts';
import { nameOfStep, whyNotAt } from './describe-steps.ts';
import { PINGS, PRICED_BY, SENTENCES, WHERE } from './sentences.ts';
import { quoted, writeAmount } from './wording.ts';
import { writeMoment } from './write-moment.ts';

/** Recipients of an auction that get a sentence; the JSON has all of them. */
const BIDDERS_MAX = 50;

/** Why a ping ended as it did, for a program and for a person. `leadId`: the lead that has its price, if any. */
export function pingExplanation(
  past: PingPast,
  { leadId, now }: { leadId: string | null; now: number },
): ReturnType<typeof explainPing> & { sentences: string[] } {
  return { ...explainPing(past), sentences: pingSentences(past, { leadId, now }) };
}

/** The most important first. */
function pingSentences(past: PingPast, { leadId, now }: { leadId: string | null; now: number }): string[] {
  const { ping, flow } = past;
  const source = flow.sources.get(ping.sourceId)?.name ?? ping.sourceId;
  const time = writeMoment(ping.submittedAt, flow.account.timeZone);
  const came = PINGS.came({ id: ping.id, time, source: quoted(source), flow: quoted(flow.name) });
  if (ping.facts.start_timestamp === undefined) return [came, endSentence(past), PINGS.unknown()];
  return [
    came,
    endSentence(past),
    ...whatBecame(past, { leadId, now }),
    ...fullSentences(past),
    ...priceSentences(past),
    ...bidSentences(past),
    ...(ping.facts.warnings ?? []),
  ];
}

function endSentence({ ping, flow }: PingPast): string {
  const zone = flow.account.timeZone;
  if (ping.outcome === 'success') {
    return PINGS.priced({ amount: writeAmount(dollars(ping.price)), until: writeMoment(ping.expiresAt, zone) });
  }
  const phase = ping.facts.stopped_in;
  return PINGS.refused({
    reason: quoted(ping.reason ?? ''),
    where: phase === undefined ? null : WHERE.phase({ phase }),
  });
}

function whatBecame(past: PingPast, { leadId, now }: { leadId: string | null; now: number }): string[] {
  const { ping, flow } = past;
  switch (buildPing(past, now).state) {
    case 'redeemed':
      return [PINGS.redeemed({ lead: leadId, time: writeMoment(Number(ping.redeemedAt), flow.account.timeZone) })];
    case 'redeeming':
      return [PINGS.redeeming({ lead: leadId })];
    case 'expired':
      return [PINGS.expired()];
    case 'open':
      return [PINGS.open()];
    default:
      return [];
  }
}

/** The limit or cap that refused it. */
function fullSentences(past: PingPast): string[] {
  return [explainPingLimit(past), explainPingCap(past)].flatMap((cap) => (cap ? [capSentence(cap)] : []));
}

function priceSentences({ ping }: PingPast): string[] {
  const { winner, also_matched: others = [], offered_price: offered = 0 } = ping.facts;
  if (!winner || offered === 0) return [];
  const by = PRICED_BY[winner.by]({ owner: winner.level, place: placeOf(winner.path), others: others.map(placeOf) });
  return [PINGS.pricedBy({ by })];
}

/** 2 for `sources.0.pricing.prices.1`. */
function placeOf(path: string): number {
  return Number(path.split('.').at(-1)) + 1;
}

function bidSentences(past: PingPast): string[] {
  if (!past.ping.facts.distributions) return [];
  return past.flow.steps
    .flatMap((step) => (step.kind === 'recipient' ? (describeBidder(past, step) ?? []) : []))
    .slice(0, BIDDERS_MAX);
}

/** undefined: it is not of the auction. */
function describeBidder(past: PingPast, recipient: CompiledRecipient): string | undefined {
  const offers = offersOf(past);
  const offer = findOffer(offers, recipient);
  if (!offer) return undefined;
  const step = nameOfStep(recipient);
  const bid = explainBid(offers, offer);
  switch (offer.verdict) {
    case 'best':
      return PINGS.best({ step, price: writeAmount(bid?.price ?? 0) });
    case 'no bid':
    case 'late':
    case 'minimum':
    case 'margin':
    case 'outbid':
      return bid && PINGS.notBest({ step, why: whyNotAt(bid, offer.verdict) });
    case 'criteria':
      return PINGS.notAsked({ step, why: SENTENCES.criteriaFailed() });
    case 'hours':
      return PINGS.notAsked({ step, why: SENTENCES.closed() });
    case 'disabled':
      return PINGS.notAsked({ step, why: PINGS.off() });
    case 'cap': {
      const cap = explainOfferCap(offers, { step: recipient, cap: offer.cap });
      return cap ? PINGS.notAsked({ step, why: capSentence(cap) }) : undefined;
    }
    case 'not reached':
      return PINGS.notAsked({ step, why: PINGS.behind() });
    default:
      return undefined;
  }
}
