import { buildWelcomeUrl } from '../access/users/invitation-url.ts';
import { DEMO_FLOW_ID, DEMO_LEAD, DEMO_SOURCE_IDS } from '../demo/demo-flow.ts';

export interface BannerFacts {
  version: string;
  url: string;
  /** Where people reach it: the same, or the public URL. */
  origin: string;
  /** Of a link that signs the first administrator in; null: somebody has signed in. */
  welcomeToken: string | null;
  /** null: it is not to be shown, because it was before or the operator set it. */
  newAdminApiKey: string | null;
  /** null: without the demo. */
  demoRecipientUrl: string | null;
  notices: readonly string[];
}

/** What a person reads when the server is ready. */
export function banner(facts: BannerFacts): string {
  const { version, url, origin, welcomeToken, newAdminApiKey, demoRecipientUrl, notices } = facts;
  const keyLine =
    newAdminApiKey === null ? 'as set or shown at the first start' : `${newAdminApiKey} (shown this once)`;
  const lines = [
    `Sluice ${version} is ready. Ctrl-C stops it.`,
    '',
    row('URL', url),
    row('Console', `${origin}/app/`),
    row('Admin API key', keyLine),
  ];
  if (demoRecipientUrl !== null) {
    lines.push(row('Demo submit URL', demoSubmitUrl(url)), row('Demo recipient', demoRecipientUrl));
    lines.push('', 'Submit a lead (pasted twice, the second is a duplicate):', '', demoCurl(url));
  }
  if (welcomeToken !== null)
    lines.push(
      '',
      'Open the console as its administrator (once, within a day):',
      '',
      buildWelcomeUrl(origin, welcomeToken),
    );
  if (notices.length > 0) lines.push('', ...notices);
  return `\n${lines.join('\n')}\n\n`;
}

/** Where the demo's first source submits. */
export function demoSubmitUrl(url: string): string {
  return `${url}/flows/${DEMO_FLOW_ID}/sources/${DEMO_SOURCE_IDS.searchAds}/submit`;
}

/** One line, so that it survives being pasted into any shell. */
function demoCurl(url: string): string {
  const body = new URLSearchParams(DEMO_LEAD).toString();
  return `curl -H 'Accept: application/json' -d '${body}' '${demoSubmitUrl(url)}'`;
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(17)}${text}`;
}
