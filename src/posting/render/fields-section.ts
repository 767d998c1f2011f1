import { attributes, type Html, type HtmlValue, html } from '../../lib/html.ts';
import type { PostingField, PostingPage } from '../posting-page.ts';
import { renderTable } from './parts.ts';

/** From so many on a list of values has a search, and scrolls. */
const SEARCHED_FROM = 11;

/** Every parameter, as the vendor posts it. */
export function renderFields({ fields, names, other_parameters, ping }: PostingPage): Html {
  if (fields.length === 0) return html`<p>This source names no parameters.</p><p>${other_parameters}</p>`;
  const optional = fields.filter(({ required }) => required === 'no').length;
  const columns = ['Parameter', 'Required', 'Value', 'Examples', ...(ping ? ['At ping'] : [])];
  return html`<p>${names.sentence} ${other_parameters}</p>${
    optional > 0 &&
    html`<div class="filter"><input type="checkbox" id="required-only" autocomplete="off"><label for="required-only">Required only</label> <span class="secondary">${fields.length - optional} of ${fields.length}</span></div>`
  }${renderTable({
    caption: 'Parameters',
    className: 'fields',
    columns,
    rows: fields.map((field) => [
      html`<code${attributes({ 'data-required': field.required })}>${field.name}</code><span class="label"><bdi>${field.label}</bdi></span>`,
      renderRequired(field),
      renderValue(field),
      renderExamples(field),
      ...(ping ? [field.needed_at_ping ? 'Yes' : 'No'] : []),
    ]),
  })}`;
}

function renderRequired({ required, required_when }: PostingField): HtmlValue {
  if (required === 'no') return html`<span class="secondary">Optional</span>`;
  if (required === 'yes') return html`<strong>Required</strong>`;
  return html`<strong>Sometimes</strong><span class="more">${required_when}</span>`;
}

function renderValue(field: PostingField): Html {
  const { type, format, max_length, hint, is_masked } = field;
  const lines = [
    format,
    max_length === null ? null : `At most ${max_length.toLocaleString('en-US')} characters.`,
    is_masked ? 'It is masked before anything is stored.' : null,
    hint,
  ];
  return html`${type}${lines.map((line) => line !== null && html`<span class="more"><bdi>${line}</bdi></span>`)}${renderAllowed(field)}`;
}

function renderAllowed({ name, allowed_values: values, allowed_count: count }: PostingField): Html | null {
  if (values === null) return null;
  const isLong = values.length >= SEARCHED_FROM;
  const more = count - values.length;
  const label = `Allowed values of ${name}`;
  const list = html`<ul class="values"${attributes(isLong ? { tabindex: '0', role: 'list', 'aria-label': label } : { 'aria-label': label })}>${values.map((value) => html`<li><code>${value}</code></li>`)}</ul>`;
  return html`<div class="allowed"><span class="more">One of ${count.toLocaleString('en-US')} value${count === 1 ? '' : 's'}:</span>${
    isLong &&
    html`<input type="search" class="search" aria-label="Find in the ${label}" placeholder="Find a value" autocomplete="off" hidden>`
  }${list}${more > 0 && html`<span class="more">and ${more.toLocaleString('en-US')} more</span>`}</div>`;
}

/** Of a list only what is on it. */
function renderExamples({ examples, allowed_values: allowed }: PostingField): HtmlValue {
  const shown = allowed === null ? examples : examples.filter((example) => allowed.includes(example));
  if (shown.length === 0) return html`<span class="secondary">–</span>`;
  return shown.map((example) => html`<code class="example">${example}</code>`);
}
