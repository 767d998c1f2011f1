import { deployFlow, submitPath } from '../../../bench/flow-api.ts';
import { dailyCap, deliveryStep, flowWith, SOURCE_ENTITY_ID } from '../../../bench/workloads.ts';
import { createIds } from '../../../src/lib/ids.ts';
import type { Cap } from '../../../src/model/cap.ts';
import type { RecipientStep } from '../../../src/model/flow.ts';
import { type LimitPart, type PartKind, readWindow } from './part.ts';
import { personOf, stateOf, valuesOf } from './person.ts';

export const ids = createIds({ now: Date.now, random: Math.random });

/** A buyer of its own, with the id of the step in its address. */
export function buyer(recipientUrl: string): RecipientStep & { id: string } {
  const id = ids.next();
  return { ...deliveryStep({ url: `${recipientUrl}/deliver/{{lead.id}}/${id}/{{lead.phone_1}}` }), id };
}

export function capOf(maximum: number): Cap & { id: string } {
  return { ...dailyCap(maximum), id: ids.next() };
}

/** A cap of the flow with one buyer behind it. */
export function cappedKind(maximum: number): PartKind {
  const name = `a cap of ${maximum}`;
  return {
    name,
    async deploy(server, recipientUrl) {
      const step = buyer(recipientUrl);
      const cap = capOf(maximum);
      const id = await deployFlow(server, { ...flowWith([step]), caps: [cap] });
      const path = submitPath(id, SOURCE_ENTITY_ID);
      const limit = { capId: cap.id, maximum, stepId: null, countedStepIds: [step.id] };
      return {
        name,
        flow: { kind: 'capped', id, path, limits: [limit], retried: [] },
        stepIds: [step.id],
        send: async (person, ask) => void (await ask({ path, values: valuesOf(person) })),
        fills: [limit],
        judge: judgeCaps([{ ...limit, isCounted: () => true }]),
      };
    },
  };
}

const OUTER = 1_000;
const TEXAS = 300;
const CALIFORNIA = 100;

const NESTED = 'nested caps';

/** A cap of the flow with caps for two states in it. */
export const nestedKind: PartKind = {
  name: NESTED,
  async deploy(server, recipientUrl) {
    const step = buyer(recipientUrl);
    const inState = (state: string, maximum: number) => ({
      ...capOf(maximum),
      rule_set: { op: 'and' as const, rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: state }] },
    });
    const texas = inState('TX', TEXAS);
    const california = inState('CA', CALIFORNIA);
    const outer = { ...capOf(OUTER), caps: [texas, california] };
    const id = await deployFlow(server, { ...flowWith([step]), caps: [outer] });
    const path = submitPath(id, SOURCE_ENTITY_ID);
    const limit = { capId: outer.id, maximum: OUTER, stepId: null, countedStepIds: [step.id] };
    return {
      name: NESTED,
      flow: { kind: 'capped', id, path, limits: [limit], retried: [] },
      stepIds: [step.id],
      send: async (person, ask) => void (await ask({ path, values: valuesOf(person) })),
      fills: [limit, { capId: texas.id, maximum: TEXAS }, { capId: california.id, maximum: CALIFORNIA }],
      judge: judgeCaps([
        { ...limit, isCounted: () => true },
        { capId: texas.id, maximum: TEXAS, isCounted: (state) => state === 'TX' },
        { capId: california.id, maximum: CALIFORNIA, isCounted: (state) => state === 'CA' },
      ]),
    };
  },
};

interface JudgedCap {
  capId: string;
  maximum: number;
  /** Does a lead from this state count? */
  isCounted(state: string): boolean;
}

/** Counter and recipient both have exactly the maximum, and nothing is held. */
function judgeCaps(caps: readonly JudgedCap[]): LimitPart['judge'] {
  return async ({ db, deliveries }) => {
    const figures: string[] = [];
    const faults: string[] = [];
    for (const { capId, maximum, isCounted } of caps) {
      const { count, held } = await readWindow(db, capId);
      const counted = deliveries.filter(({ phone }) => isCounted(stateOf(personOf(phone))));
      const taken = new Set(counted.map(({ leadId }) => leadId));
      figures.push(`${count} counted and ${taken.size} delivered of ${maximum}`);
      if (count !== maximum) faults.push(`the counter of cap ${capId} is ${count}, its maximum ${maximum}`);
      if (taken.size !== maximum) faults.push(`cap ${capId} of ${maximum}: the buyer took ${taken.size} leads`);
      if (held !== 0) faults.push(`cap ${capId} still holds ${held}`);
    }
    return { figures: figures.join(', '), faults };
  };
}
