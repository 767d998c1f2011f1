import { deployFlow, submitPath } from '../../../bench/flow-api.ts';
import { flowWith, SOURCE_ENTITY_ID } from '../../../bench/workloads.ts';
import { buyer, capOf } from './caps.ts';
import { type PartKind, readWindow } from './part.ts';
import { valuesOf } from './person.ts';

const NAME = 'pings and their posts';
const MAXIMUM = 1_000;
/** Each accepted ping is redeemed so often at once, over different servers. */
const POSTS = 2;
const PRICE = 4.5;

/** A ping limit counts each accepted ping once, and a ping pays for one lead. */
export const pingsKind: PartKind = {
  name: NAME,
  async deploy(server, recipientUrl) {
    const step = buyer(recipientUrl);
    const { type: _, ...limit } = capOf(MAXIMUM);
    const id = await deployFlow(server, {
      ...flowWith([step]),
      ping_enabled: true,
      ping_limits: [limit],
      pricing: { prices: [{ amount: PRICE }] },
    });
    const path = submitPath(id, SOURCE_ENTITY_ID);
    const pingPath = path.replace(/submit$/, 'ping');
    return {
      name: NAME,
      flow: { kind: 'capped', id, path, limits: [], retried: [] },
      stepIds: [step.id],
      async send(person, ask) {
        const values = valuesOf(person);
        const ping = await ask({ path: pingPath, values });
        if (!ping?.pingId) return;
        const post = { path, values: { ...values, ping_id: ping.pingId } };
        await Promise.all(Array.from({ length: POSTS }, (_, at) => ask({ ...post, server: person + at })));
      },
      fills: [{ capId: limit.id, maximum: MAXIMUM }],
      async judge({ db, deliveries, answers }) {
        const { count, held } = await readWindow(db, limit.id);
        const accepted = answers.filter(({ pingId }) => pingId !== null).length;
        const sold = answers.filter(({ leadId, outcome }) => leadId !== null && outcome === 'success');
        const { rows } = await db.query<{ accepted: number }>(
          `select count(*) filter (where outcome = 'success')::int as accepted from pings where flow_id = $1`,
          [id],
        );
        const stored = rows[0]?.accepted ?? 0;
        const times = new Map<string, number>();
        for (const { phone } of deliveries) times.set(phone, (times.get(phone) ?? 0) + 1);
        const twice = [...times].filter(([, each]) => each > 1);
        const faults = twice.map(([phone, each]) => `the ping for phone ${phone} was redeemed ${each} times`);
        if (count !== MAXIMUM) faults.push(`the ping limit counts ${count} of ${MAXIMUM}`);
        if (stored !== count) faults.push(`the ping limit counts ${count}, ${stored} accepted pings are stored`);
        if (accepted > count) faults.push(`${accepted} pings were answered with a price, the limit counts ${count}`);
        if (held !== 0) faults.push(`the ping limit holds ${held}`);
        const otherPrice = sold.filter(({ price }) => price !== PRICE).length;
        if (otherPrice > 0) faults.push(`${otherPrice} leads cost something else than their ping said`);
        const figures = `${count} pings counted of ${MAXIMUM}, ${accepted} answered, ${times.size} redeemed, ${twice.length} twice`;
        return { figures, faults };
      },
    };
  },
};
