import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComposedServer, SubmitTarget } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf } from '../system/flows.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

describe.skipIf(!isChromiumInstalled)('jobs in the console', () => {
  let ui: StartedConsole;
  let flow: SubmitTarget;
  let nothingGiven: string;
  let partly: string;

  beforeAll(async () => {
    const fill = async (server: ComposedServer) => {
      const { client } = server;
      server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
      flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], { name: 'Imported leads' }));
      const list = await client.createList({ name: 'Numbers', type: 'phone' });
      const ended = async (id: string) => {
        await until('the job has ended', async () => (await client.readJob(id)).ended_at !== null);
        return id;
      };
      const phones = await client.importListFile(list.id, '512-789-4321\n512-789-4322\nnone\n', {});
      if (!('job' in phones)) throw new Error('The import is no job');
      partly = await ended(phones.job.id);
      const ids = Array.from({ length: 6 }, (_, each) => `5fd0c0de0000000000000${String(100 + each)}`);
      const given = await client.importFeedbackFile(`event_id\n${ids.join('\n')}\n`, { type: 'conversion' });
      if (!('job' in given)) throw new Error('The import is no job');
      nothingGiven = await ended(given.job.id);
    };
    ui = await startConsole(fill);
  });
  afterAll(async () => {
    await ui?.stop();
  });

  it('list what runs in the background by what came of it', async () => {
    const opened = await ui.openAs('owner', '/app/jobs');
    const { page } = opened;
    const row = page.getByRole('row', { name: /Import of feedback/ });
    await row.getByText('Failed', { exact: true }).waitFor();
    await row.getByText('6 not found').waitFor();
    await checkPage(opened, { title: 'Jobs' });
    await shoot(opened, 'jobs');
    await page.getByRole('combobox', { name: 'State' }).click();
    await page.getByRole('option', { name: 'Under way' }).click();
    await page.getByRole('heading', { name: 'No jobs match' }).waitFor();
    expect(new URL(page.url()).search).toBe('?state=open');
    await page.getByRole('button', { name: 'Show all jobs' }).click();
    await page.getByRole('link', { name: 'Import of a list' }).click();
    await page.getByText('Ended: 2 of 3 succeeded').waitFor();
    expect(new URL(page.url()).pathname).toBe(`/app/jobs/${partly}`);
    expectNoFaults(opened);
    await opened.close();
  });

  it('show an end without a success in red, whole as it is', async () => {
    const opened = await ui.openAs('owner', `/app/jobs/${nothingGiven}`);
    const { page } = opened;
    await page.getByText('Ended: 0 of 6 succeeded').waitFor();
    const tones = await page.locator('main svg rect[data-tone]').evaluateAll((all) => all.map((each) => each.dataset));
    expect(new Set(tones.map(({ tone }) => tone))).toEqual(new Set(['failure', 'plain']));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download result.csv' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/result.*\.csv$/);
    await checkPage(opened, { title: 'Import of feedback · Jobs' });
    await shoot(opened, 'job');
    await page.goto('/app/jobs/5fd0c0de0000000000000000');
    await page.getByRole('heading', { name: 'There is no such job' }).waitFor();
    await checkPage(opened, { title: 'Job · Jobs' });
    await opened.close();
  });

  it('follow a job that runs, pause it, let it go on and cancel it', async () => {
    const { client } = ui.server;
    const rows = Array.from({ length: 400 }, (_, each) => `Ann${each},ann${each}@example.com`);
    const { job } = (await client.importLeadFile(`first_name,email\n${rows.join('\n')}\n`, {
      ...{ flow_id: flow.id, source_id: flow.sources[0]?.entity.id ?? '', rate: 5, start: 'true' },
    } as never)) as { job: { id: string } };
    const opened = await ui.openAs('owner', `/app/jobs/${job.id}`);
    const { page } = opened;
    await page.getByText(/^[1-9]\d* of 400 done, about \d+ (s|min) left$/).waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor({ timeout: 30_000 });
    await checkPage(opened, { title: 'Import of leads · Jobs' });
    await shoot(opened, 'job-paused');
    const { done } = (await client.readJob(job.id)).progress;
    await page.getByRole('button', { name: 'Resume' }).click();
    await until('it went on', async () => (await client.readJob(job.id)).progress.done > done);
    await page.getByRole('button', { name: 'Cancel job…' }).click();
    await page.getByRole('button', { name: 'Cancel job', exact: true }).click();
    await page.getByText(/^Ended: \d+ of \d+ succeeded$/).waitFor({ timeout: 30_000 });
    const { state, counters } = await client.readJob(job.id);
    expect(state).toBe('cancelled');
    expect(counters['success']).toBeLessThan(400);
    expectNoFaults(opened);
    await opened.close();
  });

  it('say what a role lacks', async () => {
    const opened = await ui.openAs('vendor', '/app/jobs');
    await opened.page
      .getByText(/jobs\.read/)
      .first()
      .waitFor();
    await checkPage(opened, { title: 'Jobs' });
    await opened.close();
  });
});
