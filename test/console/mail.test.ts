import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestMailServer, type TestMailServer } from '../harness/mail-server.ts';
import { checkPage, expectNoFaults } from './harness/check-page.ts';
import { isChromiumInstalled } from './harness/chromium.ts';
import { shoot } from './harness/shoot.ts';
import { type StartedConsole, startConsole } from './harness/start-console.ts';

describe.skipIf(!isChromiumInstalled)('the mail server in the console', () => {
  let ui: StartedConsole;
  let mail: TestMailServer;
  beforeAll(async () => {
    mail = await openTestMailServer();
    ui = await startConsole(undefined, {
      smtpUrl: { host: '127.0.0.1', port: mail.port, security: 'none' },
      mailFrom: { name: 'Acme leads', address: 'leads@example.org' },
    });
  });
  afterAll(async () => {
    await ui?.stop();
    await mail.close();
  });

  it('is shown without a login, and sends a message to the person who asks', async () => {
    const opened = await ui.openAs('owner', '/app/settings/mail');
    const { page } = opened;
    await page.getByText(`127.0.0.1:${mail.port}`).waitFor();
    await page.getByRole('button', { name: 'Send me a test message' }).click();
    await page.getByText('The mail server took the message', { exact: false }).waitFor();
    await mail.arrival(1);
    expect(mail.received).toHaveLength(1);
    expect(await page.getByRole('status').filter({ hasText: 'Taken' }).textContent()).toContain(
      mail.received[0]?.to[0],
    );
    await checkPage(opened, { title: 'Mail · Settings' });
    await shoot(opened, 'settings-mail');
    expectNoFaults(opened);
    await opened.close();
  });

  it('is not shown to who does not manage the account', async () => {
    const opened = await ui.openAs('editor', '/app/settings/mail');
    await opened.page.getByText('You may not see the mail server').waitFor();
    expect(await opened.page.evaluate('document.body.textContent')).not.toContain(`127.0.0.1:${mail.port}`);
    await opened.close();
  });
});
