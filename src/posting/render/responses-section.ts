import { attributes, type Html, html } from '../../lib/html.ts';
import type { PostingBody, PostingPage, PostingResponse } from '../posting-page.ts';
import { renderChoice, renderExample, renderTable } from './parts.ts';

const FORMATS = [
  ['json', 'JSON'],
  ['xml', 'XML'],
  ['text', 'Text'],
] as const;

/** Every answer that a sender may get, in the format that is chosen above all of them. */
export function renderResponses({ responses, response_members: members }: PostingPage): Html {
  // One that is alone in an answer is shown whichever is chosen.
  const chosen = responses.filter(({ bodies }) => bodies.length > 1).flatMap(({ bodies }) => bodies);
  const formats = FORMATS.filter(([format]) => chosen.some((body) => body.format === format));
  const choices = formats.map(([format, name], place) =>
    renderChoice({ id: `answer-${format}`, group: 'answer-format', value: format, name, isChosen: place === 0 }),
  );
  return html`<p>Keep the lead’s id with your own record: it is what everybody asks for later. The <code>reason</code> says why a lead was not taken. Send the same request again only after an answer that says so.</p>${
    members.length > 0 &&
    renderTable({
      caption: 'Members of an answer',
      columns: ['Member', 'Type', 'What it says', 'There'],
      rows: members.map(({ name, type, sentence, is_always_there: isAlways }) => [
        html`<code>${name}</code>`,
        type,
        sentence,
        isAlways ? 'Always' : 'Sometimes',
      ]),
    })
  }<fieldset class="formats"><legend class="unseen">Format of the answers</legend>${choices}<div class="answers">${responses.map(renderResponse)}</div></fieldset>`;
}

function renderResponse({ kind, title, status, sentence, may_retry: mayRetry, bodies }: PostingResponse): Html {
  return html`<article id="answer-of-${kind}"><h3><code class="status">${status}</code> ${title}</h3><p>${sentence}${mayRetry && ' Send the same request again later.'}</p>${bodies.map((body) => renderBody(body, bodies.length === 1))}</article>`;
}

/** A body that is alone is shown whichever format is chosen. */
function renderBody({ format, media_type, body }: PostingBody, isAlone: boolean): Html {
  return html`<div class="body"${attributes({ 'data-format': isAlone ? null : format })}><p class="type">${media_type}</p>${
    body === '' ? html`<p class="secondary">no body</p>` : renderExample(body)
  }</div>`;
}
