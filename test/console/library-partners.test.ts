import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllowedNetwork } from '../../src/integrations/forbidden-address.ts';
import type { ComposedServer } from '../harness/server.ts';
import { openTestSftpServer, type TestSftpServer } from '../harness/sftp-server.ts';
import { flowOf } from '../system/flows.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { LONG_NAME } from './harness/fill.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

describe.skipIf(!isChromiumInstalled)('entities, integrations and batches in the console', () => {
  let ui: StartedConsole;
  let sftp: TestSftpServer;
  let batchId: string;
  beforeAll(async () => {
    sftp = await openTestSftpServer();
    const loopback = parseAllowedNetwork('127.0.0.0/8');
    if (!loopback.ok) throw new Error(loopback.error);
    const fill = async ({ client, deploy, submit }: ComposedServer) => {
      const { id: credential } = await client.createCredential({
        ...{ name: 'Files', type: 'sftp', host: '127.0.0.1', port: sftp.port, host_key: sftp.fingerprint },
        ...{ username: sftp.username, password: sftp.password },
      });
      const batch = await client.createBatch({
        ...{ name: 'Evening leads', columns: [{ name: 'email', header: 'E-mail' }, { name: 'state' }] },
        ...{ schedule: { type: 'manual' }, target: { type: 'sftp', credential_id: credential, path: '/in' } },
      });
      batchId = batch.id;
      const mapped = { batch_id: batchId, 'row.email': '{{lead.email}}', 'row.state': '{{lead.state}}' };
      const mappings = Object.entries(mapped).map(([property, value]) => ({ property, value }));
      const flow = await deploy(
        flowOf(
          [
            {
              ...{ type: 'recipient', entity: { name: LONG_NAME } },
              integration: { module_id: 'sluice.outbound.batch', mappings },
            },
          ],
          { name: 'Mortgage leads' },
        ),
      );
      for (const state of ['TX', 'CA', 'OH']) await submit(flow, { email: `${state}@example.com`, state });
    };
    ui = await startConsole(fill, { allowPrivateNetworks: [loopback.value] });
  });
  afterAll(async () => {
    await ui?.stop();
    await sftp?.close();
  });

  it('list batches, and deliver now what waits', async () => {
    const opened = await ui.openAs('owner', '/app/batches');
    const { page } = opened;
    await page.getByRole('link', { name: 'Evening leads' }).waitFor();
    await checkPage(opened, { title: 'Batches · Library' });
    await shoot(opened, 'batches');
    await page.getByRole('link', { name: 'Evening leads' }).click();
    await page.getByText('No file was made yet.').waitFor();
    await checkPage(opened, { title: 'Evening leads · Batches' });
    await page.getByRole('button', { name: 'Deliver 3 rows now' }).click();
    await page.getByRole('cell', { name: 'Delivered', exact: true }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: /^Send again/ }).waitFor();
    await checkPage(opened, { title: 'Evening leads · Batches' });
    await shoot(opened, 'batch');
    await page.getByRole('combobox', { name: 'State' }).click();
    await page.getByRole('option', { name: 'Given up' }).click();
    await page.getByText('No file has this state.').waitFor();
    expect(new URL(page.url()).search).toBe('?state=failed');
    await page.getByRole('button', { name: 'Remove batch…' }).click();
    await page.getByRole('button', { name: 'Remove batch', exact: true }).click();
    await page
      .getByText(/Mortgage leads/)
      .first()
      .waitFor();
    expectNoFaults(opened);
    await opened.close();
  });

  it('make a batch and change it', async () => {
    const opened = await ui.openAs('editor', '/app/batches?panel=new');
    const { page } = opened;
    await page.getByRole('textbox', { name: 'Name' }).fill(LONG_NAME);
    await page.getByRole('textbox', { name: 'Columns' }).fill('email = E-mail\nstate');
    await page.getByRole('combobox', { name: 'To', exact: true }).click();
    await page.getByRole('option', { name: 'SFTP' }).click();
    await page.getByRole('combobox', { name: 'Credential' }).click();
    await page.getByRole('option', { name: 'Files' }).click();
    await page.getByRole('textbox', { name: 'Folder' }).fill('/in');
    await page.getByRole('textbox', { name: 'Times' }).fill('25:00');
    await page.getByRole('button', { name: 'Create batch' }).click();
    await page.getByText('Must be a time such as 18:00.').first().waitFor();
    await checkPage(opened, { title: 'Batches · Library' });
    await page.getByRole('textbox', { name: 'Times' }).fill('09:00, 18:00');
    await page.getByRole('checkbox', { name: 'Monday' }).check();
    await shoot(opened, 'batch-form');
    await page.getByRole('button', { name: 'Create batch' }).click();
    await page.getByRole('heading', { name: LONG_NAME, level: 1 }).waitFor();
    await page.getByText('At 09:00, 18:00 on Mon').waitFor();
    await page.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('textbox', { name: 'Columns' }).fill('email');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const made = (await ui.server.client.listBatches()).find(({ name }) => name === LONG_NAME);
    expect(made).toMatchObject({
      columns: [{ name: 'email', header: 'email' }],
      schedule: { type: 'times', times: ['09:00', '18:00'], days: ['monday'] },
      target: { type: 'sftp' },
    });
    await opened.close();
  });

  it('show entities with the flows that name them, add one and remove it', async () => {
    const opened = await ui.openAs('editor', '/app/entities');
    const { page } = opened;
    await page.getByRole('button', { name: LONG_NAME }).waitFor();
    await checkPage(opened, { title: 'All partners · Library' });
    await shoot(opened, 'entities');
    await page.getByRole('button', { name: LONG_NAME }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Mortgage leads' }).waitFor();
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('button', { name: 'Remove partner' }).click();
    await page
      .getByRole('alert')
      .getByText(/Mortgage leads/)
      .waitFor();
    await checkPage(opened, { title: 'All partners · Library' });
    await shoot(opened, 'entity');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Add a partner' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Search Ads');
    await page.getByRole('combobox', { name: 'As a source' }).click();
    await page.getByRole('option', { name: 'Seller of leads' }).click();
    await page.getByRole('textbox', { name: 'Website' }).fill('ads.example.com');
    await page.getByRole('button', { name: 'Add partner' }).click();
    await page
      .getByText(/Must be a URL/)
      .first()
      .waitFor();
    await page.getByRole('textbox', { name: 'Website' }).fill('https://ads.example.com');
    await checkPage(opened, { title: 'All partners · Library' });
    await page.getByRole('button', { name: 'Add partner' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const [made] = (await ui.server.client.listEntities()).filter(
      ({ name, source }) => name === 'Search Ads' && source === 'seller',
    );
    expect(made).toMatchObject({ website: 'https://ads.example.com', recipient: null });
    await page.goto(`/app/entities?panel=${made?.id}`);
    await page.getByText('No flow names it.').waitFor();
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('button', { name: 'Remove partner' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await opened.close();
  });

  it('show what each module takes and appends, with an example', async () => {
    const opened = await ui.openAs('analyst', '/app/integrations?type=outbound');
    const { page } = opened;
    await page.getByRole('row').nth(3).waitFor();
    await page.getByRole('heading', { name: 'Packages' }).waitFor();
    await checkPage(opened, { title: 'Integrations · Library' });
    await shoot(opened, 'integrations');
    await page.goto('/app/integrations/leadconduit-custom.outbound.json');
    await page.getByRole('heading', { name: 'In a flow' }).waitFor();
    await page.getByRole('table', { name: 'Properties' }).getByText('url', { exact: true }).waitFor();
    await checkPage(opened, { title: /· Integrations · Sluice$/ });
    await shoot(opened, 'integration');
    await page.goto('/app/integrations/nothing');
    await page.getByRole('heading', { name: 'There is no such module' }).waitFor();
    await checkPage(opened, { title: 'Module · Integrations' });
    await opened.close();
  });
});
