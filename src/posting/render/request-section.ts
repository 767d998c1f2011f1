import { type Html, html } from '../../lib/html.ts';
import type { PostingHeader, PostingPage } from '../posting-page.ts';
import type { Snippet } from '../snippets/snippet.ts';
import { renderCode, renderList, renderTable, renderTabs } from './parts.ts';

/** Who is let in, and what each request carries. */
export function renderAuthentication({ authentication, headers }: PostingPage): Html {
  const { sentence, header } = authentication;
  return html`<p>${sentence}</p>${header && renderCode('Header of the authentication', `${header.name}: ${header.value}`)}${renderTable(
    {
      caption: 'Headers of a request',
      columns: ['Header', 'Value', 'Needed', 'What for'],
      rows: headers.map((each) => [
        html`<code>${each.name}</code>`,
        html`<code class="whole">${each.value}</code>`,
        ...listUse(each),
      ]),
    },
  )}`;
}

/** What to do when no answer comes. */
export function renderWaiting({ advice, limits }: PostingPage): Html {
  const size = `A request has at most ${formatBytes(limits.body_bytes_max)}.`;
  return renderList([advice.timeout, advice.retry, advice.repeat, size]);
}

function listUse({ required, sentence }: PostingHeader): string[] {
  return [required ? 'Yes' : 'No', sentence];
}

export const FORMAT_NAMES = { form: 'Form', json: 'JSON', xml: 'XML', query: 'GET' } as const;

const KIB = 1024;

/** `1 MiB (1,048,576 bytes)`. */
export function formatBytes(bytes: number): string {
  const exact = `${bytes.toLocaleString('en-US')} bytes`;
  if (bytes % (KIB * KIB) === 0) return `${bytes / KIB / KIB} MiB (${exact})`;
  return bytes % KIB === 0 ? `${bytes / KIB} KiB (${exact})` : exact;
}

/** A lead that the rules of the page accept, as it goes over the wire and in code. */
export function renderCodeSamples(
  { sample, request_formats: formats }: PostingPage,
  snippets: readonly Snippet[],
): Html {
  return html`<p>A lead with made-up values that this page’s rules accept.</p>${
    snippets.length > 0 &&
    renderTabs({
      id: 'language',
      legend: 'Language',
      tabs: snippets.map(({ name, needs, code }) => ({
        name,
        content: html`${needs !== null && html`<p class="type">Needs ${needs}.</p>`}${renderCode(name, code)}`,
      })),
    })
  }<h3>The same as a request</h3>${renderTabs({
    id: 'sample-format',
    legend: 'Format of the request',
    tabs: formats.map(({ name, media_type: type, sentence }) => ({
      name: FORMAT_NAMES[name],
      content: html`<p>${type !== null && html`<code>${type}</code>: `}${sentence}</p>${renderCode(`Sample as ${FORMAT_NAMES[name]}`, sample.bodies[name])}`,
    })),
  })}`;
}
