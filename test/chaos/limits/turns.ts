import { deployFlow, submitPath } from '../../../bench/flow-api.ts';
import { flowWith, SOURCE_ENTITY_ID } from '../../../bench/workloads.ts';
import type { DistributionStep } from '../../../src/model/flow.ts';
import { buyer, capOf, ids } from './caps.ts';
import type { PartKind } from './part.ts';
import { valuesOf } from './person.ts';

/** Leads of a part that takes turns: it has a cap, so that a round has an end. */
const LEADS = 1_000;

/** Buyers that take turns: each gets its share of the leads. */
export function turnsKind(options: {
  name: string;
  method: 'round_robin' | 'weighted';
  /** A buyer each. */
  weights: readonly number[];
}): PartKind {
  const { name, method, weights } = options;
  return {
    name,
    async deploy(server, recipientUrl) {
      const buyers = weights.map((weight) => {
        const { type: _, ...recipient } = buyer(recipientUrl);
        return { ...recipient, key: `buyer_${recipient.id}`, ...(method === 'weighted' && { weight }) };
      });
      const step: DistributionStep = { type: 'distribution', id: ids.next(), method, recipients: buyers };
      const cap = capOf(LEADS);
      const id = await deployFlow(server, { ...flowWith([]), caps: [cap], steps: [step] });
      const path = submitPath(id, SOURCE_ENTITY_ID);
      return {
        name,
        flow: { kind: 'capped', id, path, limits: [], retried: [] },
        stepIds: buyers.map((each) => each.id),
        send: async (person, ask) => void (await ask({ path, values: valuesOf(person) })),
        fills: [{ capId: cap.id, maximum: LEADS }],
        async judge({ db, deliveries }) {
          const { rows } = await db.query<{ step_id: string; offers: number }>(
            `select step_id, count(*)::int as offers from events
              where type = 'recipient' and step_id = any($1) group by step_id`,
            [buyers.map((each) => each.id)],
          );
          const offers = buyers.map((each) => rows.find(({ step_id }) => step_id === each.id)?.offers ?? 0);
          const total = offers.reduce((sum, each) => sum + each, 0);
          const sum = weights.reduce((all, weight) => all + weight, 0);
          const taken = buyers.map((each) => deliveries.filter(({ stepId }) => stepId === each.id).length);
          const off = offers.map((each, index) => Math.abs(each - (total * (weights[index] ?? 0)) / sum));
          const leads = new Set(deliveries.map(({ leadId }) => leadId)).size;
          const faults: string[] = [];
          if (leads !== deliveries.length) faults.push(`${deliveries.length - leads} leads went to two buyers`);
          if (Math.max(...off) > TURNS_OFF_MAX)
            faults.push(`offers of ${offers.join(', ')} are ${Math.max(...off).toFixed(1)} turns off their shares`);
          const figures = `offers ${offers.join(', ')}, taken ${taken.join(', ')}, at most ${Math.max(...off).toFixed(1)} turns off`;
          return { figures, faults };
        },
      };
    },
  };
}

/**
 * Turns that follow each other are less than one off the shares. A kill loses the turns of the leads that were between
 * their turn and their claim: these follow each other too, so that what is left is less than two off.
 */
const TURNS_OFF_MAX = 2;
