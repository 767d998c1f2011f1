import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flowOf, sourceNamed } from '../system/flows.ts';
import { checkPage } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { openPart, readPartDocument } from './harness/open-part.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

describe.skipIf(!isChromiumInstalled)('rules in the editor', () => {
  let ui: StartedConsole;
  let flowId: string;

  beforeAll(async () => {
    ui = await startConsole(async (server) => {
      const flow = await server.deploy(
        flowOf([], {
          acceptance_criteria: {
            reason: 'State {{lead.state}} is not bought',
            rule_set: {
              op: 'and',
              rules: [
                { lhv: 'lead.state', op: 'is included in', rhv: ['TX', 'OK'] },
                {
                  op: 'or',
                  rules: [
                    { lhv: 'lead.email', op: 'is not blank' },
                    {
                      op: 'and',
                      rules: [
                        { lhv: 'lead.phone_1.area', op: 'is equal to', rhv: '512' },
                        { lhv: '{{lowercase lead.last_name}}', op: 'is not equal to', rhv: '{{lead.first_name}}' },
                      ],
                    },
                  ],
                },
              ],
            },
          },
          sources: [sourceNamed('Search ads')],
        }),
      );
      flowId = flow.flow?.id ?? flow.id;
      await server.submit(flow, { state: 'OH', email: 'ann@example.com' });
    });
  });
  afterAll(() => ui.stop());

  it('are shown', async () => {
    const opened = await ui.openAs('owner');
    const { page } = opened;
    await openPart(page, { flow: flowId, part: 'criteria', path: 'acceptance_criteria' });
    await page.getByText('A lead is taken when').waitFor();
    await shoot(opened, 'part-criteria');
    console.log(JSON.stringify(await readPartDocument(page)).slice(0, 400));
    await checkPage(opened, { title: 'Part' });
    expect(1).toBe(1);
    await opened.close();
  });
});
