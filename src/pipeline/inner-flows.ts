import type { DeliveryResult, OutboundRequest } from '../integrations/contract.ts';
import type { TraceContext } from '../lib/trace-context.ts';
import type { InnerLeadFacts, OuterLeadFacts } from '../stored/event-facts.ts';
import type { RunKey } from './run-store.ts';

/*
 * A delivery to another flow of this installation is no request over a network: the other flow runs in this process, in
 * the place of the lead that is delivered (decision page 0089). That lead is the outer one, the lead of the other flow
 * the inner one.
 */

/** Flows that a lead passes at most, the first one included: what is sent on from the last is not sent. */
export const FLOWS_PASSED_MAX = 8;

/** Where the URL of a delivery leads, when it is a submit URL of this installation. */
export interface InnerTarget {
  /** The path and the query of the URL. */
  uri: string;
  /** The account of the flow or of the router; null: there is none, or it is not deployed. */
  accountId: string | null;
}

/** The delivery that an inner lead comes from. */
export interface OuterLead {
  leadId: string;
  /** Of the delivery, or of the attempt to deliver again. */
  eventId: string;
  /** Flows that the lead has passed, the first one first; the last is that of the outer lead. */
  flowIds: readonly string[];
}

/** What an inner run has of the outer one while that waits for it. */
export interface InnerRun {
  /** The id that the inner lead gets: the same in the intent of the delivery, so that a recovery finds it. */
  leadId: string;
  /** The run row of the outer lead: while its process does not own it, nothing of the inner lead may begin. */
  guard: RunKey;
  /** Time that is left for the whole inner run, ms. */
  timeoutMs: number;
}

/** Runs the flows of this installation that steps deliver to. */
export interface InnerFlows {
  /** null: the URL leads elsewhere. */
  findTarget(url: string): InnerTarget | null;
  /** Never throws. `innerLead`: there is one, or there may be; null: the other flow took none. */
  submit(
    request: OutboundRequest,
    made: { target: InnerTarget; outer: OuterLead; inner: InnerRun; ip: string; trace: TraceContext | undefined },
  ): Promise<{ result: DeliveryResult; innerLead: InnerLeadFacts | null }>;
}

/** Why a lead is not sent on to a flow; null: it may be. */
export function findInnerRefusal(flowId: string, { flowIds }: Pick<OuterLead, 'flowIds'>): string | null {
  const path = flowIds.join(' > ');
  if (flowIds.includes(flowId)) return `Not sent: the lead would pass a flow twice (${path} > ${flowId})`;
  if (flowIds.length < FLOWS_PASSED_MAX) return null;
  return `Not sent: the lead has passed ${FLOWS_PASSED_MAX} flows already (${path})`;
}

/** As the source event of the inner lead has it. */
export function describeOuterLead({ leadId, eventId, flowIds }: OuterLead): OuterLeadFacts {
  return { lead_id: leadId, event_id: eventId, flow_ids: flowIds };
}

/** The beginning of the URLs that lead into this installation, whatever its public origin is. */
const OWN_SCHEME = 'sluice:/';
const SUBMIT_PATH = /^\/flows\/([^/?#]+)\/sources\/([^/?#]+)\/submit(?:$|\?)/;
const ROUTER_PATH = /^\/routers\/([^/?#]+)\/submit(?:$|\?)/;

/** Path and query of a URL of this installation; null: it leads elsewhere. */
export function readOwnUri(url: string, publicOrigin: string | null): string | null {
  if (url.startsWith(OWN_SCHEME)) return url.slice(OWN_SCHEME.length);
  if (publicOrigin === null || url[publicOrigin.length] !== '/') return null;
  if (url.slice(0, publicOrigin.length).toLowerCase() !== publicOrigin) return null;
  return url.slice(publicOrigin.length);
}

/** The flow and the source of a submit URL, as they are written; null: it is none. */
export function readInnerPlace(uri: string): { flowId: string; sourceRef: string } | null {
  const [, flowId, sourceRef] = SUBMIT_PATH.exec(uri) ?? [];
  return flowId === undefined || sourceRef === undefined ? null : { flowId, sourceRef };
}

/** The router of a submit URL, as it is written; null: it is none. */
export function readRouterId(uri: string): string | null {
  return ROUTER_PATH.exec(uri)?.[1] ?? null;
}
