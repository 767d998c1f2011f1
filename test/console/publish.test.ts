import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Flow } from '../../client/src/client.ts';
import type { FlowDocument } from '../../src/model/flow.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, sourceNamed, when } from '../system/flows.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

const CAP = { name: 'Texas daily', type: 'volume', maximum: 50, duration: 1, duration_units: 'day' } as const;
const LEADS = 6;

describe.skipIf(!isChromiumInstalled)('publishing in the console', () => {
  let ui: StartedConsole;
  let flowId = '';
  let sourceId = '';
  const read = async () => (await ui.server.client.readFlow(flowId)) as unknown as FlowDocument & { revision: number };
  const draftOf = async (edit: (document: FlowDocument) => FlowDocument) => {
    const { revision, ...document } = await read();
    const version = await ui.server.client.readDraft(flowId).then(
      (draft) => draft.version,
      () => null,
    );
    // The document as a client sends it; one of the two types is generated.
    await ui.server.client.replaceDraft(flowId, { document: edit(document) as Flow, base_revision: revision, version });
  };
  const raised = (maximum: number) => (flow: FlowDocument) => ({
    ...flow,
    caps: flow.caps?.map((cap) => ({ ...cap, maximum })) ?? null,
  });

  beforeAll(async () => {
    ui = await startConsole();
    const { recipient, client } = ui.server;
    recipient.answerWith(() => ({ body: { outcome: 'success', price: 12.5 } }));
    const summit = deliveryTo(
      recipient.url,
      { entity: { name: 'Summit Home Buyers' }, pricing: { override: true, prices: [] } },
      { price_path: 'price' },
    );
    const notSold = {
      ...{ type: 'filter' as const, description: 'Not sold', reason: 'Nobody bought it' },
      rule_set: when('summit_home_buyers.outcome', 'is not equal to', 'success'),
    };
    const flow = await ui.server.deploy(
      flowOf([summit, notSold], {
        sources: [sourceNamed('Search ads', { pricing: { prices: [{ amount: 4 }] } }), sourceNamed('Newsletter')],
        caps: [CAP],
      }),
    );
    flowId = flow.id;
    sourceId = flow.sources[0]?.entity.id ?? '';
    for (let lead = 0; lead < LEADS; lead += 1)
      await ui.server.submit(flow, { email: `ann${lead}@example.com`, state: lead % 2 === 0 ? 'TX' : 'OH' });
    await until('leads are counted', async () => {
      const rows = await client.readStatistics({ column: 'source-submitted' });
      return rows[0]?.['source-submitted'] === LEADS;
    });
    await client.createTestLead(flowId, {
      ...{ name: 'Texas is sold', source_id: sourceId, values: { email: 'jane@example.com', state: 'TX' } },
      expected: { outcome: 'success', price: 4 },
    });
    await client.createTestLead(flowId, {
      ...{ name: 'Ohio is sold', source_id: sourceId, values: { email: 'joe@example.com', state: 'OH' } },
      expected: { outcome: 'success' },
    });
  });
  afterAll(() => ui.stop());

  it('says so when there is nothing to publish', async () => {
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/publish`);
    await opened.page.getByRole('heading', { name: 'Nothing to publish' }).waitFor();
    await checkPage(opened, { title: 'Publish · Mortgage leads · Flows' });
    await shoot(opened, 'publish-nothing');
    await opened.close();
  });

  it('shows changes with risks, tests and effect, then what runs and the way back', async () => {
    await draftOf((flow) => ({
      ...raised(4)(flow),
      acceptance_criteria: { rule_set: when('lead.state', 'is equal to', 'TX'), reason: 'Only Texas' },
      sources: flow.sources.map((source, index) =>
        index === 0 ? { ...source, pricing: { prices: [{ amount: 5.5 }] } } : { ...source, enabled: false },
      ),
      steps: flow.steps.slice(1),
    }));
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/publish`);
    const { page } = opened;
    await page.getByRole('heading', { name: 'Publish 5 changes of Mortgage leads' }).waitFor();
    const rows = page.getByRole('listitem');
    await rows.filter({ hasText: /6 are used already/ }).waitFor();
    await rows.filter({ hasText: /Read by filter "Not sold", which will find nothing/ }).waitFor();
    await rows.filter({ hasText: /\$1\.50 more for each lead; 6 leads of the last 24 hours/ }).waitFor();
    await rows.filter({ hasText: 'No lead came from it in the last 24 hours.' }).waitFor();
    await page.getByRole('heading', { name: '2 of 2 test leads fail' }).waitFor();
    await page.getByRole('heading', { name: '6 of the last 6 leads would end otherwise' }).waitFor();
    await checkPage(opened, { title: 'Publish · Mortgage leads · Flows' });
    await shoot(opened, 'publish');
    expectNoFaults(opened);
    await opened.close();
  });

  it('is undone by the revision before: undo this morning’s change', async () => {
    const before = (await read()).revision;
    await draftOf(raised(80));
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/publish`);
    const { page } = opened;
    await page.getByRole('heading', { name: 'Publish 1 change of Mortgage leads' }).waitFor();
    await page.getByLabel('Note').fill('Texas to 80, as agreed');
    await page.getByRole('button', { name: 'Publish 1 change' }).click();
    await page.getByRole('heading', { name: `Revision ${before + 1} is published` }).waitFor();
    await checkPage(opened, { title: 'Publish · Mortgage leads · Flows' });
    await shoot(opened, 'published');
    expect(await read()).toMatchObject({ deployed_revision: before + 1, caps: [{ maximum: 80 }] });

    // From the flow, as somebody who comes later: history, the revision before, publish.
    await page.getByRole('navigation', { name: 'Pages of the flow' }).getByRole('link', { name: 'History' }).click();
    await page.getByText('Texas to 80, as agreed').waitFor();
    await page.getByRole('button', { name: `Make it the draft: revision ${before}` }).click();
    await page.getByRole('heading', { name: 'Publish 1 change of Mortgage leads' }).waitFor();
    await page.getByRole('button', { name: 'Publish 1 change' }).click();
    await page.getByRole('heading', { name: `Revision ${before + 2} is published` }).waitFor();
    expect(await read()).toMatchObject({ deployed_revision: before + 2, caps: [{ maximum: 50 }] });

    // And at once, where it was published.
    await page.getByRole('button', { name: `Undo: make revision ${before + 1} the draft` }).click();
    await page.getByRole('heading', { name: 'Publish 1 change of Mortgage leads' }).waitFor();
    await ui.server.client.discardDraft(flowId);
    expectNoFaults(opened);
    await opened.close();
  });

  it('leads to what keeps the draft from running, and publishes nothing before', async () => {
    await draftOf((flow) => ({ ...flow, name: '' }));
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/publish`);
    const { page } = opened;
    await page.getByText(/places? keeps? it from running/).waitFor();
    expect(await page.getByRole('button', { name: /^Publish/ }).isDisabled()).toBe(true);
    await checkPage(opened, { title: 'Publish · Mortgage leads · Flows' });
    await shoot(opened, 'publish-errors');
    await page.getByRole('alert').getByRole('link', { name: 'Settings' }).click();
    await page.waitForURL(/\/edit\/settings/);
    await ui.server.client.discardDraft(flowId);
    await opened.close();
  });

  it('asks who may not publish for nobody’s note', async () => {
    await draftOf(raised(70));
    const opened = await ui.openAs('analyst', `/app/flows/${flowId}/publish`);
    await opened.page.getByText('Your role lacks the permission flows.deploy.').waitFor();
    expect(await opened.page.getByRole('button', { name: /^Publish/ }).count()).toBe(0);
    await checkPage(opened, { title: 'Publish · Mortgage leads · Flows' });
    await opened.close();
    await ui.server.client.discardDraft(flowId);
  });

  it('merges the draft with a revision that somebody saved meanwhile', async () => {
    await draftOf((flow) => ({ ...raised(60)(flow), enabled: false }));
    const { client } = ui.server;
    await client.replaceFlow(flowId, { ...raised(99)(await read()), name: 'Mortgage leads, west' } as Flow);
    await client.deployFlow(flowId);
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/publish`);
    const { page } = opened;
    await page.getByRole('heading', { name: /^Merge the draft with revision/ }).waitFor();
    await page.getByText('1 of 1 to choose.').waitFor();
    expect(await page.getByRole('button', { name: 'Keep the merged draft' }).isDisabled()).toBe(true);
    await checkPage(opened, { title: 'Publish · Mortgage leads, west · Flows' });
    await shoot(opened, 'publish-merge');
    await page.getByRole('radio', { name: 'Cap "Texas daily": The draft' }).click();
    await page.getByRole('button', { name: 'Keep the merged draft' }).click();
    await page.getByRole('heading', { name: 'Publish 2 changes of Mortgage leads, west' }).waitFor();
    await until('the merged draft is saved', async () => {
      const { base_revision: base, saved_revision: saved } = await client.readDraft(flowId);
      return base === saved;
    });
    expect((await client.readDraft(flowId)).document).toMatchObject({
      ...{ name: 'Mortgage leads, west', enabled: false },
      caps: [{ maximum: 60 }],
    });
    await client.discardDraft(flowId);
    await opened.close();
  });

  it('asks the second of two people who changed the same draft, and loses nothing of either', async () => {
    const { client } = ui.server;
    const { revision: base, caps } = await read();
    await draftOf((flow) => ({ ...raised(61)(flow), enabled: true }));
    await client.replaceFlow(flowId, { ...raised(98)(await read()), name: 'Mortgage leads, east' } as Flow);
    await client.deployFlow(flowId);
    // Both have the same draft before them, in browsers of their own.
    const [first, second] = [
      await ui.openAs('owner', `/app/flows/${flowId}/publish`),
      await ui.openAs('editor', `/app/flows/${flowId}/publish`),
    ];
    const merge = async ({ page }: typeof first, choice: string) => {
      await page.getByRole('radio', { name: `Cap "Texas daily": ${choice}` }).click();
      await page.getByRole('button', { name: 'Keep the merged draft' }).click();
    };
    await first.page.getByText('1 of 1 to choose.').waitFor();
    await second.page.getByText('1 of 1 to choose.').waitFor();
    await merge(first, `Revision ${base}`);
    await until('the first is saved', async () => {
      const draft = await client.readDraft(flowId);
      return draft.base_revision === draft.saved_revision;
    });
    const { revision: saved } = await read();
    await merge(second, `Revision ${saved}`);
    await second.page.getByRole('heading', { name: 'Merge two drafts' }).waitFor();
    await second.page.getByText(/owner.* saved this draft while you changed it/).waitFor();
    await second.page.getByText('1 of 1 to choose.').waitFor();
    await checkPage(second, { title: 'Publish · Mortgage leads, east · Flows' });
    await shoot(second, 'draft-conflict');
    expect((await client.readDraft(flowId)).document).toMatchObject({ caps: [{ maximum: caps?.[0]?.maximum }] });
    await second.page.getByRole('button', { name: 'Choose “Yours” everywhere' }).click();
    await second.page.getByRole('button', { name: 'Keep the merged draft' }).click();
    await until('the second is saved', async () => {
      const { document } = await client.readDraft(flowId);
      return (document as FlowDocument).caps?.[0]?.maximum === 98;
    });

    await client.discardDraft(flowId);
    await first.close();
    await second.close();
  });

  it('publishes no draft that somebody changed since it was read', async () => {
    await draftOf(raised(62));
    const opened = await ui.openAs('owner', `/app/flows/${flowId}/publish`);
    const { page } = opened;
    await page.getByRole('heading', { name: /^Publish 1 change/ }).waitFor();
    const { revision } = await read();
    await draftOf(raised(63));
    await page.getByRole('button', { name: 'Publish 1 change' }).click();
    await page.getByText('It was not published').waitFor();
    await page.getByRole('listitem').filter({ hasText: '63' }).waitFor();
    expect((await read()).revision).toBe(revision);
    await ui.server.client.discardDraft(flowId);
    await opened.close();
  });
});
