import { expect, it } from 'vitest';
import { compileTemplate } from './compile-template.ts';

const ctx = { now: 0, timeZone: 'UTC', random: () => 0 };
const vars = { lead: { name: `<b>"A" & 'B'</b>\ue000\ue001`, list: ['<i>', '2'] } };

it.each([
  ['<p title="{{lead.name}}">', '<p title="&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;">'],
  ['{{lead.name}}', '&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;'],
  ['{{{lead.name}}}', '&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;'],
  ['{{#if lead.name}}<i>&amp;</i>{{/if}}', '<i>&amp;</i>'],
  ['{{#each lead.list}}<li>{{this}}</li>{{/each}}', '<li>&lt;i&gt;</li><li>2</li>'],
  ['{{lowercase lead.list.[0]}}', '&lt;i&gt;'],
  ['<b>no value</b>', '<b>no value</b>'],
])('a value in HTML is text: %s', (source, expected) => {
  const template = compileTemplate(source, { writes: 'html' });
  if (!template.ok) throw new Error(template.error.message);
  expect(template.value.render(vars, ctx)).toBe(expected);
  expect(template.value.evaluate(vars, ctx)).toBe(expected);
});
