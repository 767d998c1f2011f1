import { ASKED_SOURCE, agreeCost, agreePrice, agreeUnnamed, refundsCost } from './agreements.ts';
import { forEach, type Notes, nameBuying, type Play } from './play.ts';

/** All in ten-thousandths of a dollar. */
export interface Books {
  leads: number;
  cost: number;
  revenue: number;
  /** Taken back by returns: of the cost, and of the revenue. */
  costBack: number;
  revenueBack: number;
  deliveries: number;
  sales: number;
  returns: number;
  conversions: number;
}

/** Compares what the server reports with what its peers wrote down; a sentence for each difference. */
export async function judgeMoney(play: Play, notes: Notes): Promise<{ books: Books; faults: string[] }> {
  const faults: string[] = [];
  const fault = (sentence: string) => void faults.push(sentence);
  const rows = await play.query('select id, outcome, price::text as price from leads');
  const capUnits = new Map<string, number>();
  const books: Books = {
    ...{ leads: rows.length, cost: 0, revenue: 0, costBack: 0, revenueBack: 0 },
    ...{ deliveries: play.peers.deliveries, sales: 0, returns: 0, conversions: 0 },
  };
  const seen = new Set<string>();
  await forEach(rows, async ({ id }) => {
    const { body } = await play.ask('GET', `/leads/${id}`);
    const lead = Number(body.events.at(-1).vars.lead?.first_name ?? body.events[0].vars.lead?.first_name);
    const history = play.histories[lead];
    // A lead whose data was lost with its server was sent nowhere.
    if (!history) return body.money.revenue === 0 ? undefined : fault(`lead ${id} of no sender earned something`);
    const told = notes.told.get(lead);
    // One that its sender was told to submit again has ended with an error, whatever became of its deliveries.
    if (told && told.leadId !== id && body.outcome !== 'error') fault(`the sender of lead ${lead} has another id`);
    seen.add(String(id));
    const agreed = agreeCost(history, play.peers.quotes.get(lead));
    const cost = body.outcome === 'success' ? agreed : 0;
    if (told && told.leadId === id && (told.outcome !== body.outcome || units(told.price) !== cost))
      fault(`lead ${lead}: its sender was told ${told.outcome} and ${told.price}, not ${body.outcome} and ${cost}`);
    const ofNumber = play.peers.sales.get(lead) ?? [];
    const sales = ofNumber.filter(({ leadId }) => leadId === id);
    // The recipient named the event of its first sale.
    const isReturned = (buyer: number) =>
      notes.returns.get(`${lead} ${buyer}`) === 'accepted' &&
      ofNumber.find((sale) => sale.buyer === buyer)?.leadId === id;
    let [revenue, revenueBack] = [0, 0];
    for (const sale of sales) {
      const isUnnamed = notes.unnamed.has(nameBuying(sale.leadId, sale));
      const paid = isUnnamed ? agreeUnnamed(history, sale) : agreePrice(history, sale);
      revenue += paid;
      if (isReturned(sale.buyer)) revenueBack += paid;
      const capId = play.flows[history.flow]?.steps.find(
        ({ buying }) => buying.buyer === sale.buyer && buying.isAgain === sale.isAgain,
      )?.capId;
      add(capUnits, capId ?? '', paid);
    }
    if (body.outcome === 'success' || sales.length > 0)
      add(capUnits, play.flows[history.flow]?.flowCapId ?? '', agreed);
    const returned = [0, 1, 2].filter(isReturned);
    const isRefunded = returned.some((buyer) => history.source === ASKED_SOURCE || refundsCost({ buyer }));
    const costBack = isRefunded ? cost : 0;
    const { money } = body;
    const reported = [money.cost, money.revenue, money.profit].map(units);
    const noted = [cost - costBack, revenue - revenueBack, revenue - revenueBack - cost + costBack];
    if (String(reported) !== String(noted))
      fault(`lead ${lead} (${id}): cost, revenue and profit are ${reported}; its peers wrote ${noted}`);
    for (const kind of ['cost', 'revenue'] as const) {
      const entries = money.entries.filter((entry: { kind: string }) => entry.kind === kind);
      const sum = entries.reduce((all: number, { amount }: { amount: number }) => all + units(amount), 0);
      if (sum !== units(money[kind])) fault(`lead ${lead}: its entries of ${kind} are ${sum}, not ${money[kind]}`);
    }
    books.cost += cost;
    books.revenue += revenue;
    books.costBack += costBack;
    books.revenueBack += revenueBack;
    books.sales += sales.length;
    books.returns += returned.length;
  });
  const noted = [...notes.told.values(), ...[...play.peers.sales.values()].flat()];
  for (const { leadId } of noted)
    if (!seen.has(leadId)) fault(`lead ${leadId}, which was answered or bought, is missing`);
  const accepted = [...play.peers.sourceSaid.values()].filter(({ said }) => said === 'accepts').length;
  const relayed = [...notes.returns].filter(([name, said]) => {
    const history = play.histories[Number(name.split(' ')[0])];
    return said === 'accepted' && history?.source === ASKED_SOURCE;
  }).length;
  if (accepted !== relayed) fault(`the source accepted ${accepted} returns, and ${relayed} recipients were told so`);
  const [counted] = await play.query(CONVERSIONS);
  books.conversions = Number(counted?.['count']);
  await compareSums(play, { books, capUnits, fault });
  return { books, faults };
}

const CONVERSIONS = `select count(*)::int as count from feedback where type = 'conversion' and status = 'accepted'`;

/** What a report would add up. */
const SUMS = `select (select coalesce(sum(price), 0) from leads)::float8 as cost,
  (select coalesce(sum(round((facts->>'revenue')::numeric * 10000)), 0) from events
    where type in ('recipient', 'retry') and outcome = 'success')::float8 as revenue,
  (select coalesce(-sum(amount), 0) from money_entries where kind = 'cost')::float8 as cost_back,
  (select coalesce(-sum(amount), 0) from money_entries where kind = 'revenue')::float8 as revenue_back,
  (select count(*) from money_entries)::int - (select count(distinct (lead_id, kind, event_id, amount))
    from money_entries)::int as doubled,
  (select coalesce(sum(held), 0) from cap_windows)::float8 as held`;

async function compareSums(
  play: Play,
  at: { books: Books; capUnits: ReadonlyMap<string, number>; fault: (sentence: string) => void },
): Promise<void> {
  const { books, capUnits, fault } = at;
  const [sums] = await play.query(SUMS);
  const expected = {
    cost: books.cost,
    revenue: books.revenue,
    cost_back: books.costBack,
    revenue_back: books.revenueBack,
  };
  for (const [name, amount] of Object.entries({ ...expected, held: 0 }))
    if (sums?.[name] !== amount) fault(`the sum of ${name} is ${sums?.[name]}; the peers wrote ${amount}`);
  const caps = play.flows.flatMap(({ flowCapId, steps }) => [flowCapId, ...steps.map(({ capId }) => capId)]);
  for (const capId of caps) {
    const [window] = await play.query(
      'select coalesce(sum(count), 0)::float8 as count from cap_windows where cap_id = $1',
      [`${capId}.usd`],
    );
    const wanted = capUnits.get(capId) ?? 0;
    if (window?.['count'] !== wanted)
      fault(`the revenue cap ${capId} counts ${window?.['count']}; the peers wrote ${wanted}`);
  }
}

function add(sums: Map<string, number>, name: string, amount: number): void {
  sums.set(name, (sums.get(name) ?? 0) + amount);
}

function units(dollars: number): number {
  return Math.round(dollars * 10_000);
}
