import type { Phase } from './phase.ts';
import { PHASE_ACCESS } from './phase-access.ts';
import { acceptanceCriteria } from './phases/acceptance-criteria.ts';
import { authenticate } from './phases/authenticate.ts';
import { caps } from './phases/caps.ts';
import { hygiene } from './phases/hygiene.ts';
import { inboundIntegration } from './phases/inbound-integration.ts';
import { inboundMapping } from './phases/inbound-mapping.ts';
import { inboundResponse } from './phases/inbound-response.ts';
import { leadObject } from './phases/lead-object.ts';
import { listChecks } from './phases/list-checks.ts';
import { pricing } from './phases/pricing.ts';
import { receive } from './phases/receive.ts';
import { respond } from './phases/respond.ts';
import { revenue } from './phases/revenue.ts';
import { steps } from './phases/steps.ts';
import { askBidders } from './ping/ask-bidders.ts';
import { pricePing } from './ping/price-ping.ts';
import { settlePing } from './ping/settle-ping.ts';

/**
 * The product in one table: what happens to a lead, in the order of seed 003. `run-lead.ts` is the loop that walks it
 * and knows no row by name, except that a stop goes on with the row that `STOPS_GO_ON_WITH` names, and a lead that
 * decides again with `AGAIN_GOES_ON_WITH`.
 */
const ROWS: readonly Omit<Phase, 'reads' | 'writes'>[] = [
  {
    name: 'receive',
    run: receive,
    mayStop: 'no',
    spec: 'behaviour 2, 3',
    ping: 'runs',
    what: 'Gives the lead its id and its instant.',
  },
  {
    name: 'authenticate',
    run: authenticate,
    mayStop: 'answer',
    spec: 'api 4.5, decisions 13, 16, 17',
    ping: 'runs',
    what: 'Finds the flow and source of the URL and checks that the sender may use them.',
    why: 'Before the body is looked at: a stranger costs nothing and leaves no event.',
  },
  {
    name: 'inbound-integration',
    run: inboundIntegration,
    mayStop: 'answer',
    spec: 'modules b',
    ping: 'runs',
    what: 'The source’s module turns the HTTP request into values, or answers itself.',
  },
  {
    name: 'hygiene',
    run: hygiene,
    mayStop: 'no',
    spec: 'decision 38',
    ping: 'runs',
    what: 'Cleans names and values.',
  },
  {
    name: 'inbound-mapping',
    run: inboundMapping,
    mayStop: 'no',
    spec: 'behaviour 6.1, decision 29',
    ping: 'runs',
    what: 'Renames and sets what was submitted, by the source’s mappings.',
    why: 'Before types: mappings speak of what was submitted.',
  },
  {
    name: 'lead-object',
    run: leadObject,
    mayStop: 'stop',
    spec: 'behaviour 7, decisions 13, 31',
    ping: 'runs',
    what: 'Keeps the flow’s fields and reads each as its type; a disabled flow stops here.',
    why: 'A disabled flow stops only here, so that the answer has the sender’s format and the event has the lead.',
  },
  {
    name: 'list-checks',
    run: listChecks,
    mayStop: 'stop',
    spec: 'behaviour 11, decisions 3–5, 26',
    ping: 'runs',
    what: 'Looks values up in lists and sets variables. Reads the ping that a post names; a ping whose limit is full stops here.',
    why: 'Before pricing, caps and criteria, whose rules use what it finds; a ping over its limit asks no pricing service.',
    alsoDoes: [{ phase: 'caps', when: 'looks at the windows of the caps in the same read' }],
  },
  {
    name: 'pricing',
    run: pricing,
    mayStop: 'stop',
    spec: 'behaviour 10, decisions 2, 26',
    ping: 'runs',
    what: 'What the lead would cost: the flow’s price, else the source’s, else 0. Asks a pricing service where one is named. A post that names a ping has its price, or stops.',
    why: 'Before the decision to take the lead, so that rules may use the price.',
  },
  {
    name: 'caps',
    run: caps,
    mayStop: 'stop',
    spec: 'behaviour 9, decisions 8–10',
    ping: 'runs',
    what: 'Looks at every matching cap of the flow and the source; a full one rejects the lead.',
    decidesAgain: 'a value is found on a list that is read again with revenue caps',
    why: 'Before criteria: a lead over the cap gets the cap’s reason even if it would fail them too.',
  },
  {
    name: 'acceptance-criteria',
    run: acceptanceCriteria,
    mayStop: 'stop',
    spec: 'behaviour 3, 5, decisions 1, 12',
    ping: 'runs',
    what: 'Hours of operation, then the flow’s criteria, then the source’s.',
  },
  {
    name: 'steps',
    run: steps,
    mayStop: 'stop',
    spec: 'behaviour 3.2, 6.4',
    ping: {
      instead: askBidders,
      what: 'No step. Where bids price pings it asks the recipients for them: the price is what the best one leaves.',
    },
    what: 'Filters and deliveries, one at a time, in order; then destinations.',
    decidesAgain: 'its first claim finds a value taken or a cap full that the lead was shown as free',
  },
  {
    name: 'revenue',
    run: revenue,
    mayStop: 'no',
    spec: 'behaviour 10, decision 27',
    ping: { instead: pricePing, what: 'The price of the ping; without one above 0 it is a failure.' },
    what: 'Sums what deliveries earned; the price is 0 unless the lead succeeded.',
  },
  {
    name: 'inbound-response',
    run: inboundResponse,
    mayStop: 'no',
    spec: 'modules b',
    ping: 'runs',
    what: 'The source’s module writes the answer in the sender’s format.',
  },
  {
    name: 'respond',
    run: respond,
    mayStop: 'no',
    spec: 'seed 003, behaviour 4',
    ping: { instead: settlePing, what: 'Commits the ping and counts it in its limits; then the answer goes.' },
    what: 'Commits lead, events and limits; then the answer goes.',
    decidesAgain: 'a lead that was sent nowhere takes its places here, and one of them is gone',
    why: 'Last: nothing is acknowledged that is not on disk.',
    alsoDoes: [{ phase: 'inbound-response', when: 'runs it again for a lead whose data the database refuses' }],
  },
];

export const PHASES: readonly Phase[] = ROWS.map((row) => ({ ...row, ...PHASE_ACCESS[row.name] }));

/** The same table for a ping. A row has the same place in both. */
export const PING_PHASES: readonly Phase[] = PHASES.map((phase) => ({ ...phase, run: runOfPing(phase) }));

function runOfPing({ ping, run }: Phase): Phase['run'] {
  return ping === 'runs' ? run : ping.instead;
}

/** A run that stops has still to be counted, answered and committed. */
export const STOPS_GO_ON_WITH = 'revenue';

/** A lead that decides again starts here, with what it was shown before and what it has been shown since. */
export const AGAIN_GOES_ON_WITH = 'list-checks';
