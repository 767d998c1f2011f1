import { type Html, html } from '../../lib/html.ts';
import type { PostingHours, PostingPage, PostingRule } from '../posting-page.ts';
import { renderBadge, renderList, renderTable } from './parts.ts';

/** What a lead is judged by. */
export function renderRules({ rules: { rules, hidden_count: hidden } }: PostingPage): Html {
  const intro =
    rules.length === 0
      ? hidden === 0
        ? 'Every lead with valid values passes: there are no rules.'
        : null
      : 'A lead passes when all of this holds. Otherwise it is answered as a failure, with the reason.';
  return html`${intro !== null && html`<p>${intro}</p>`}${rules.length > 0 && renderRuleList(rules)}${
    hidden > 0 &&
    html`<p class="note">${rules.length > 0 ? 'There are' : 'Leads are judged by'} ${hidden} ${rules.length > 0 ? `more rule${hidden === 1 ? '' : 's'}` : `rule${hidden === 1 ? '' : 's'}`} that ${hidden === 1 ? 'is' : 'are'} not shown here.</p>`
  }`;
}

function renderRuleList(rules: readonly PostingRule[]): Html {
  return html`<ul class="rules">${rules.map((rule) =>
    rule.kind === 'rule'
      ? html`<li><bdi>${rule.sentence}</bdi></li>`
      : html`<li class="group">${rule.sentence}${renderRuleList(rule.rules)}</li>`,
  )}</ul>`;
}

/** When leads are taken, and how many. */
export function renderLimits({ limits: { hours, caps } }: PostingPage): Html {
  return html`${hours === null ? html`<p>Leads are taken at any hour.</p>` : renderHours(hours)}${
    caps !== null &&
    (caps.length === 0
      ? html`<p>There is no cap.</p>`
      : html`<h3>Caps</h3>${renderList(caps.map(({ sentence }) => sentence))}`)
  }`;
}

function renderHours({ time_zone: zone, is_open_now: isOpen, days, sentence }: PostingHours): Html {
  return html`<p>${isOpen ? renderBadge('success', 'Open now') : renderBadge('skip', 'Closed now')} ${sentence}</p>${renderTable(
    {
      caption: `Hours, ${zone}`,
      className: 'narrow',
      columns: ['Day', `Hours (${zone})`],
      rows: days.map(({ day, periods }) => [
        day,
        periods.length === 0 ? 'closed' : periods.map(({ start, end }) => `${start}–${end}`).join(', '),
      ]),
    },
  )}`;
}

const DOLLARS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 4 });

/** null: the link does not share prices. */
export function renderPrice({ price }: PostingPage): Html | null {
  if (price === null) return null;
  return html`<p>${price.sentence}</p>${
    price.prices.length > 0 &&
    renderTable({
      caption: 'Prices',
      className: 'narrow',
      columns: ['Price', 'Of which leads'],
      rows: price.prices.map(({ amount, sentence }) => [html`<strong>${DOLLARS.format(amount)}</strong>`, sentence]),
    })
  }`;
}
