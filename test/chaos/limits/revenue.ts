import { deployFlow, submitPath } from '../../../bench/flow-api.ts';
import { flowWith, SOURCE_ENTITY_ID } from '../../../bench/workloads.ts';
import type { Cap } from '../../../src/model/cap.ts';
import { buyer, capOf } from './caps.ts';
import { type PartKind, readWindow } from './part.ts';
import { personOf, stateOf, valuesOf } from './person.ts';

const NAME = 'a revenue cap';
/** Dollars. */
const MAXIMUM = 500;
/** What the buyer pays, by state: each a multiple of the smallest, so that the budget can be spent to the last cent. */
const PRICES = { TX: 1.25, CA: 2.5, NY: 3.75 } as const;
const UNITS_A_DOLLAR = 10_000;

/** A budget of a buyer is spent to the last cent, and never more. */
export const revenueKind: PartKind = {
  name: NAME,
  async deploy(server, recipientUrl) {
    const cap: Cap & { id: string } = { ...capOf(MAXIMUM), type: 'revenue' };
    const prices = Object.entries(PRICES).map(([state, amount]) => ({
      amount,
      rule_set: { op: 'and' as const, rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: state }] },
    }));
    const step = { ...buyer(recipientUrl), caps: [cap], pricing: { prices } };
    const id = await deployFlow(server, flowWith([step]));
    const path = submitPath(id, SOURCE_ENTITY_ID);
    const counterId = `${cap.id}.usd`;
    return {
      name: NAME,
      flow: { kind: 'capped', id, path, limits: [], retried: [] },
      stepIds: [step.id],
      send: async (person, ask) => void (await ask({ path, values: valuesOf(person) })),
      fills: [{ capId: counterId, maximum: MAXIMUM * UNITS_A_DOLLAR }],
      async judge({ db, deliveries }) {
        const { count, held } = await readWindow(db, counterId);
        const paid = deliveries.reduce((sum, { phone }) => sum + PRICES[stateOf(personOf(phone))], 0);
        const counted = count / UNITS_A_DOLLAR;
        const faults: string[] = [];
        if (counted !== MAXIMUM) faults.push(`the cap counts ${counted} of ${MAXIMUM} dollars`);
        if (paid !== MAXIMUM) faults.push(`the buyer took leads for ${paid} of ${MAXIMUM} dollars`);
        if (held !== 0) faults.push(`the cap holds ${held / UNITS_A_DOLLAR} dollars`);
        return { figures: `${counted} dollars counted and ${paid} dollars of leads delivered, of ${MAXIMUM}`, faults };
      },
    };
  },
};
