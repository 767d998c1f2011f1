import { deployFlow, submitPath } from '../../../bench/flow-api.ts';
import { flowWith, SOURCE_ENTITY_ID } from '../../../bench/workloads.ts';
import type { DistributionStep } from '../../../src/model/flow.ts';
import { bidOf } from '../recipient.ts';
import { buyer, capOf, ids } from './caps.ts';
import type { PartKind } from './part.ts';
import { valuesOf } from './person.ts';

const NAME = 'an auction';
const LEADS = 500;
const BIDDERS = 3;

/** Of several bidders the one that bids most gets the lead, and no other one does. */
export const auctionKind: PartKind = {
  name: NAME,
  async deploy(server, recipientUrl) {
    const bidders = Array.from({ length: BIDDERS }, () => {
      const { type: _, ...recipient } = buyer(recipientUrl);
      const properties = {
        url: `${recipientUrl}/bid/{{lead.id}}/${recipient.id}/{{lead.phone_1}}`,
        outcome_search_path: 'outcome',
        outcome_search_term: 'success',
        price_path: 'price',
      };
      const mappings = Object.entries(properties).map(([property, value]) => ({ property, value }));
      const bid = { module_id: 'leadconduit-custom.outbound.json', mappings };
      return { ...recipient, key: `bidder_${recipient.id}`, bid };
    });
    const stepIds = bidders.map((each) => each.id);
    const step: DistributionStep = { type: 'distribution', id: ids.next(), method: 'highest_bid', recipients: bidders };
    const cap = capOf(LEADS);
    const id = await deployFlow(server, { ...flowWith([]), caps: [cap], steps: [step] });
    const path = submitPath(id, SOURCE_ENTITY_ID);
    return {
      name: NAME,
      flow: { kind: 'capped', id, path, limits: [], retried: [] },
      stepIds,
      send: async (person, ask) => void (await ask({ path, values: valuesOf(person) })),
      fills: [{ capId: cap.id, maximum: LEADS }],
      judge({ deliveries }) {
        const times = new Map<string, number>();
        for (const { leadId } of deliveries) times.set(leadId, (times.get(leadId) ?? 0) + 1);
        const twice = [...times].filter(([, count]) => count > 1);
        const outbid = deliveries.filter(({ stepId, phone }) =>
          stepIds.some((other) => bidOf({ stepId: other, phone }) > bidOf({ stepId, phone })),
        );
        return {
          figures: `${times.size} leads were sold, ${twice.length} twice, ${outbid.length} below the highest bid`,
          faults: [
            ...twice.map(([leadId, count]) => `lead ${leadId} was sold ${count} times`),
            ...outbid.map(({ leadId }) => `lead ${leadId} was not sold to the highest bid`),
          ],
        };
      },
    };
  },
};
