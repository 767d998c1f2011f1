import { deployFlow, submitPath } from '../../../bench/flow-api.ts';
import { flowWith, SOURCE_ENTITY_ID } from '../../../bench/workloads.ts';
import { buyer, ids } from './caps.ts';
import type { PartKind } from './part.ts';
import { valuesOf } from './person.ts';

/** A person is sent so often at once, over different servers. */
const TIMES = 3;
const NAME = 'duplicate check';

/** No person is delivered twice, however many servers get the same person at once. */
export const duplicatesKind: PartKind = {
  name: NAME,
  async deploy(server, recipientUrl) {
    const step = buyer(recipientUrl);
    const id = await deployFlow(server, {
      ...flowWith([step]),
      acceptance_criteria: {
        rule_set: { op: 'and', rules: [{ lhv: 'suppressionlist.is_duplicate', op: 'is false' }] },
        reason: 'duplicate',
      },
      list_checks: { duplicate: { value: '{{lead.phone_1}}', list_name: `people of ${ids.next()}` } },
    });
    const path = submitPath(id, SOURCE_ENTITY_ID);
    return {
      name: NAME,
      flow: { kind: 'capped', id, path, limits: [], retried: [] },
      stepIds: [step.id],
      async send(person, ask) {
        const values = valuesOf(person);
        await Promise.all(Array.from({ length: TIMES }, (_, at) => ask({ path, values, server: person + at })));
      },
      fills: [],
      judge({ deliveries, answers }) {
        const times = new Map<string, number>();
        for (const { phone } of deliveries) times.set(phone, (times.get(phone) ?? 0) + 1);
        const twice = [...times].filter(([, count]) => count > 1);
        const duplicates = answers.filter(({ reason }) => reason === 'duplicate').length;
        const figures = `${times.size} people were sold, ${duplicates} submissions were duplicates, ${twice.length} people were sold twice`;
        return { figures, faults: twice.map(([phone, count]) => `phone ${phone} was delivered ${count} times`) };
      },
    };
  },
};
