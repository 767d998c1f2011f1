import { attributes, type Html, html } from '../../lib/html.ts';
import type { PostingField, PostingFormat, PostingPage } from '../posting-page.ts';
import { renderBadge, renderChoice, renderCode, renderExample, renderList, type Tone } from './parts.ts';
import { FORMAT_NAMES } from './request-section.ts';

/** Before the name of a parameter in the form, so that none is taken for a choice of the form. */
export const VALUE_PREFIX = 'value.';

/** What was typed, and what a lead with it would come to. */
export interface ShownTry {
  values: readonly { name: string; value: string }[];
  format: PostingFormat['name'];
  result: ShownResult;
}

export type ShownResult =
  | ({ kind: 'tried' } & ShownAnswer)
  /** It was not tried: too often, too long. */
  | { kind: 'refused'; sentence: string };

export interface ShownAnswer {
  request: { method: string; url: string; headers: readonly { name: string; value: string }[]; body: string | null };
  /** Names that the format cannot carry. */
  left_out: readonly string[];
  response: { status: number; body: string };
  /** null: it did not become a lead. */
  outcome: 'success' | 'failure' | 'error' | null;
  sentences: readonly string[];
  /** Names that nothing reads. */
  unused: readonly { name: string; suggestion: string | null }[];
}

/** `action`: the path that takes the form. A form that goes through the flow without a trace. It is a plain form; the script only saves the reload. */
export function renderTry(page: PostingPage, { shown, action }: { shown: ShownTry | null; action: string }): Html {
  const { tries, fields, sample, request_formats: formats } = page;
  const values = new Map((shown?.values ?? sample.values).map(({ name, value }) => [name, value]));
  const first = fields.filter(({ name, required }) => required !== 'no' || values.has(name));
  const others = fields.filter((field) => !first.includes(field));
  const chosen = shown?.format ?? formats[0]?.name;
  return html`<p>${tries.sentence}</p><form id="try-form" method="post" action="${action}#try" autocomplete="off"><fieldset class="tabs"><legend>Send as</legend>${formats.map(
    ({ name }) =>
      renderChoice({
        id: `try-${name}`,
        group: 'format',
        value: name,
        name: FORMAT_NAMES[name],
        isChosen: name === chosen,
      }),
  )}</fieldset><div class="inputs">${first.map((field) => renderInput(field, values))}</div>${
    others.length > 0 &&
    html`<details><summary>${others.length} more parameter${others.length === 1 ? '' : 's'}</summary><div class="inputs">${others.map((field) => renderInput(field, values))}</div></details>`
  }<button type="submit">Try these values</button>${tries.allows_live && renderLive(page)}</form><div id="try-result">${shown && renderResult(shown.result)}</div>`;
}

/** Sends what is typed to the submit URL, which takes the script; without one there is the code of the page. */
function renderLive({ submit_url: url }: PostingPage): Html {
  return html`<div id="live" hidden><p>This source allows live tests. A live test is a real lead: it is delivered, counted and paid like any other.</p><button type="button" data-live="${url}">Post these values as a real lead</button></div>`;
}

/** Values that nobody typed are left out; a space is one. */
function renderInput(field: PostingField, values: ReadonlyMap<string, string>): Html {
  const { name, label, required, allowed_values: allowed } = field;
  const id = `try-value-${name}`;
  const options = (allowed ?? []).slice(0, OPTIONS_MAX);
  const own = attributes({
    ...{ id, name: `${VALUE_PREFIX}${name}`, value: values.get(name) ?? '', type: 'text', spellcheck: 'false' },
    ...{ list: options.length > 0 ? `${id}-values` : null, maxlength: VALUE_CHARACTERS_MAX },
  });
  return html`<div><label for="${id}"><code>${name}</code>${required === 'yes' && html` <span class="secondary">required</span>`}<span class="label"><bdi>${label}</bdi></span></label><input${own}>${
    options.length > 0 &&
    html`<datalist id="${id}-values">${options.map((option) => html`<option value="${option}"></option>`)}</datalist>`
  }</div>`;
}

/** Suggestions of one input. */
const OPTIONS_MAX = 100;
/** Of one value in the form. */
export const VALUE_CHARACTERS_MAX = 4_000;

const LOOKS: Readonly<Record<string, { tone: Tone; word: string }>> = {
  success: { tone: 'success', word: 'Success' },
  failure: { tone: 'failure', word: 'Failure' },
  error: { tone: 'error', word: 'Error' },
};
const NO_LEAD = { tone: 'skip', word: 'No lead' } as const;

export function renderResult(result: ShownResult): Html {
  if (result.kind === 'refused')
    return html`<h3 tabindex="-1">Not tried</h3><p>${renderBadge('error', 'Not tried')} ${result.sentence}</p>`;
  const { request, response, outcome, sentences } = result;
  const { tone, word } = LOOKS[outcome ?? ''] ?? NO_LEAD;
  return html`<h3 tabindex="-1">Answer of the dry run</h3><p>${renderBadge(tone, word)} <bdi>${sentences.join(' ')}</bdi></p>${renderNames(result)}<p class="type">Answer, status ${response.status}</p>${renderExample(response.body === '' ? 'no body' : response.body)}<p class="type">Request</p>${renderCode('Request', writeRequest(request))}`;
}

/** Of parameters that do not reach the flow. */
function renderNames({ left_out, unused }: ShownAnswer): Html | null {
  const lines = [
    ...left_out.map((name) => html`<code>${name}</code> cannot be sent in this format.`),
    ...unused.map(
      ({ name, suggestion }) =>
        html`Nothing reads <code>${name}</code>.${suggestion !== null && html` Did you mean <code>${suggestion}</code>?`}`,
    ),
  ];
  return lines.length === 0 ? null : renderList(lines);
}

function writeRequest({ method, url, headers, body }: ShownAnswer['request']): string {
  const lines = [`${method} ${url}`, ...headers.map(({ name, value }) => `${name}: ${value}`)];
  return body === null ? lines.join('\n') : `${lines.join('\n')}\n\n${body}`;
}
