import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { FlowDocument } from '../../src/model/flow.ts';
import { NO_ROUTE_REASON } from '../../src/pipeline/choose-route.ts';
import { type ApiReply, ask, type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { flowOf, sourceNamed, when } from './flows.ts';

const ORIGIN = 'https://leads.example.com';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer({ publicUrl: ORIGIN });
});
afterAll(() => server.stop());

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
type Saved = any;

const deployNamed = (name: string, parts: Partial<FlowDocument> = {}): Promise<Saved> =>
  server.deploy(flowOf([], { name, sources: [sourceNamed(`Source of ${name}`)], ...parts }));
const placeOf = (flow: Saved) => ({ flow_id: flow.id, source_id: flow.sources[0].entity.id });

const makeRouter = async (routes: object[], parts: object = {}): Promise<Saved> => {
  const made = await server.api('POST', '/routers', { name: 'By state', routes, ...parts });
  expect(made.status, made.text).toBe(201);
  return made.body;
};

const submitThrough = (
  router: Saved,
  values: object,
  { kind = 'submit', url = server.url, headers = {} }: { kind?: string; url?: string; headers?: object } = {},
): Promise<ApiReply> =>
  ask(`${url}/routers/${router.id}/${kind}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
    body: JSON.stringify(values),
  });

const leadsOf = (flow: Saved) => server.query('select id from leads where flow_id = $1 order by id', [flow.id]);

async function makeTexasRouter() {
  const [texas, rest] = [await deployNamed('Texas'), await deployNamed('Rest')];
  const routes = [{ ...placeOf(texas), rule_set: when('lead.state', 'is equal to', 'TX') }, placeOf(rest)];
  return { texas, rest, router: await makeRouter(routes) };
}

describe('a lead that comes to a router', () => {
  it('goes to the flow of the first route whose rules it passes, and its event names the route', async () => {
    const { texas, rest, router } = await makeTexasRouter();
    const answers = [await submitThrough(router, { state: 'Texas' }), await submitThrough(router, { state: 'CA' })];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    const ids = answers.map(({ body }) => body.lead.id);
    expect([await leadsOf(texas), await leadsOf(rest)]).toEqual([[{ id: ids[0] }], [{ id: ids[1] }]]);
    const { body: lead } = await server.api('GET', `/leads/${ids[0]}`);
    expect(lead.events.at(-1)).toMatchObject({ router: { id: router.id, route_id: router.routes[0].id } });
    const { body: explained } = await server.api('GET', `/leads/${ids[0]}/explain`);
    expect(explained.sentences.join(' ')).toContain(
      `The route ${router.routes[0].id} of the router ${router.id} chose this flow and this source.`,
    );
  });

  it('is refused where no route takes it, in the format of its sender, and nothing is stored', async () => {
    const texas = await deployNamed('Only Texas');
    const router = await makeRouter([{ ...placeOf(texas), rule_set: when('lead.state', 'is equal to', 'TX') }]);
    const refused = await submitThrough(router, { state: 'CA' });
    expect([refused.status, refused.body]).toEqual([200, { outcome: 'failure', reason: NO_ROUTE_REASON, price: 0 }]);
    const asXml = await submitThrough(router, { state: 'CA' }, { headers: { Accept: 'text/xml' } });
    expect(asXml.text).toContain(`<reason>${NO_ROUTE_REASON}</reason>`);
    expect(await leadsOf(texas)).toEqual([]);
    expect((await server.api('GET', '/metrics')).text).toMatch(/code="no_route"[^\n]* 2\n/);
  });

  it('is taken by the source alone: its switch, its origins and its key count', async () => {
    const sources = [
      sourceNamed('Off', { enabled: false }),
      sourceNamed('One page', { allowed_origins: ['https://www.example.com'] }),
      sourceNamed('Guarded', { authentication_required: true }),
    ];
    const flow = await deployNamed('Guards', { sources });
    const routes = sources.map(({ entity }, index) => ({
      flow_id: flow.id,
      source_id: flow.sources[index].entity.id,
      rule_set: when('lead.first_name', 'is equal to', entity.name),
    }));
    const router = await makeRouter(routes);
    const answers = [
      await submitThrough(router, { first_name: 'Off' }),
      await submitThrough(router, { first_name: 'One page' }, { headers: { Origin: 'https://other.example' } }),
      await submitThrough(router, { first_name: 'One page' }, { headers: { Origin: 'https://www.example.com' } }),
      await submitThrough(router, { first_name: 'Guarded' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 201, 401]);
    expect(answers[2]?.headers.get('access-control-allow-origin')).toBe('https://www.example.com');
    expect(router.warnings).toContainEqual({ path: 'routes.0.source_id', message: 'The source is switched off.' });
  });

  it('may be pinged, and counts in the caps of the flow', async () => {
    const cap = { type: 'volume' as const, maximum: 1, duration: 1, duration_units: 'day' as const };
    const flow = await deployNamed('Pinged', {
      ping_enabled: true,
      caps: [cap],
      pricing: { prices: [{ amount: 3 }] },
    });
    const router = await makeRouter([placeOf(flow)]);
    const pinged = await submitThrough(router, { state: 'TX' }, { kind: 'ping' });
    expect([pinged.status, pinged.body]).toEqual([200, { outcome: 'success', price: 3 }]);
    const taken = [await submitThrough(router, {}), await submitThrough(router, {})];
    expect(taken.map(({ body }) => body.outcome)).toEqual(['success', 'failure']);
  });

  it('of another flow comes there without HTTP, and passes no flow twice', async () => {
    const buyer = await deployNamed('Behind the router', { pricing: { prices: [{ amount: 2 }] } });
    const seller = await deployNamed('In front of the router');
    const router = await makeRouter([
      { ...placeOf(seller), rule_set: when('lead.state', 'is equal to', 'CA') },
      placeOf(buyer),
    ]);
    const step = {
      type: 'recipient',
      entity: { name: 'Router' },
      integration: {
        module_id: 'leadconduit-default.outbound',
        mappings: [{ property: 'url', value: `${ORIGIN}/routers/${router.id}/submit` }],
      },
      pricing: { override: true },
    };
    await server.redeploy({ ...seller, steps: [step] });
    const [sold, circled] = [
      await server.submit(seller, { state: 'TX' }),
      await server.submit(seller, { state: 'CA' }),
    ];
    const deliveryOf = async (sent: ApiReply) =>
      (await server.api('GET', `/leads/${sent.body.lead.id}`)).body.events.find(
        ({ type }: { type: string }) => type === 'recipient',
      );
    expect(await deliveryOf(sold)).toMatchObject({ outcome: 'success', revenue: 2, inner_lead: { flow_id: buyer.id } });
    expect(await deliveryOf(circled)).toMatchObject({
      outcome: 'error',
      reason: `Not sent: the lead would pass a flow twice (${seller.id} > ${seller.id})`,
    });
  });
});

describe('a router', () => {
  it('that is changed takes the next lead by its new routes, on every server', async () => {
    const { texas, rest, router } = await makeTexasRouter();
    const other = await server.startBeside({});
    onTestFinished(() => other.stop());
    const submitThere = (values: object) => submitThrough(router, values, { url: other.url });
    await until('the other server knows it', async () => (await submitThere({ state: 'CA' })).status === 201);
    const changed = await server.api('PUT', `/routers/${router.id}`, { ...router, routes: [placeOf(texas)] });
    expect(changed.body).toMatchObject({ revision: 2, routes: [{ flow_id: texas.id, rule_set: null }], warnings: [] });
    await submitThrough(router, { state: 'CA' });
    expect(await leadsOf(texas)).toHaveLength(1);
    const before = (await leadsOf(rest)).length;
    await until('the other server hears of it', async () => {
      await submitThere({ state: 'CA' });
      return (await leadsOf(texas)).length > 1;
    });
    const after = (await leadsOf(rest)).length;
    await submitThere({ state: 'CA' });
    expect((await leadsOf(rest)).length).toBe(after);
    expect(after).toBeGreaterThanOrEqual(before);
    const { body: activity } = await server.api('GET', '/activity?kind=router');
    expect(activity.map(({ action }: { action: string }) => action)).toContain('update');
  });

  it('is refused with all that is wrong: places that are not there, rules that cannot run', async () => {
    const flow = await deployNamed('Target');
    const foreign = { flow_id: '5fd0c0de0000000000000001', source_id: flow.sources[0].entity.id };
    const routes = [
      foreign,
      { ...placeOf(flow), source_id: '5fd0c0de0000000000000002' },
      { ...placeOf(flow), rule_set: when('lead.unheard', 'is blank') },
      { ...placeOf(flow), rule_set: when('flow.name', 'is blank') },
      { ...placeOf(flow), rule_set: { op: 'and', rules: [{ lhv: 'lead.state', op: 'sounds like', rhv: 'x' }] } },
    ];
    const refused = await server.api('POST', '/routers', { routes, module_id: 'no.such.module' });
    expect(refused.status).toBe(422);
    const paths = refused.body.details.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'module_id',
        'routes.0.flow_id',
        'routes.1.source_id',
        'routes.2.rule_set',
        'routes.3.rule_set',
      ]),
    );
    expect(paths.some((path: string) => path.startsWith('routes.4.rule_set'))).toBe(true);
    const strange = await server.api('POST', '/routers', { routes: [placeOf(flow)] }, { key: server.strangerKey });
    expect(strange.body.details).toMatchObject([{ path: 'routes.0.flow_id' }]);
  });

  it('warns of leads that no route takes, of routes that no lead comes to, and of flows that are gone', async () => {
    const flow = await deployNamed('Soon gone');
    const rules = { rule_set: when('lead.state', 'is equal to', 'TX') };
    const open = await makeRouter([{ ...placeOf(flow), ...rules }]);
    expect(open.warnings).toMatchObject([{ path: 'routes' }]);
    const shut = await makeRouter([placeOf(flow), { ...placeOf(flow), ...rules }]);
    expect(shut.warnings).toMatchObject([{ path: 'routes.1' }]);
    await server.api('DELETE', `/flows/${flow.id}`);
    const { body } = await server.api('GET', `/routers/${shut.id}`);
    expect(body.warnings.map(({ path }: { path: string }) => path)).toContain('routes.0.flow_id');
    expect((await submitThrough(shut, {})).status).toBe(404);
  });

  it('belongs to its account', async () => {
    const { router } = await makeTexasRouter();
    const key = { key: server.strangerKey };
    expect((await server.api('GET', `/routers/${router.id}`, undefined, key)).status).toBe(404);
    expect((await server.api('GET', '/routers', undefined, key)).body).toEqual([]);
    expect((await submitThrough({ id: '5fd0c0de0000000000000001' }, {})).status).toBe(404);
    expect((await submitThrough({ id: 'x' }, {})).status).toBe(400);
  });
});
