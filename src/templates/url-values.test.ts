import { describe, expect, it } from 'vitest';
import { compileTemplate } from './compile-template.ts';

const vars = {
  lead: {
    email: 'ana+1@example.com',
    name: "Ana & O'Hara=#?",
    encoded: 'a%40b.example',
    plain: 'Ana-1',
    odd: 'a\ud800\ue000b',
  },
  url: 'https://buyer.example/in?x=1',
  query: 'a=1&b=2',
};

describe('a value in the query of a URL template is encoded, and nothing else', () => {
  it.each([
    ['https://b.example/in?e={{lead.email}}', 'https://b.example/in?e=ana%2B1%40example.com'],
    [
      'https://b.example/in?a=x+y&n={{lead.name}}&z=%20',
      "https://b.example/in?a=x+y&n=Ana%20%26%20O'Hara%3D%23%3F&z=%20",
    ],
    ['https://b.example/in?e={{lead.encoded}}&p={{lead.plain}}', 'https://b.example/in?e=a%40b.example&p=Ana-1'],
    ['https://b.example/{{lead.email}}?a=1', 'https://b.example/ana+1@example.com?a=1'],
    ['https://b.example/?{{query}}', 'https://b.example/?a=1&b=2'],
    ['https://b.example/?z=1&{{query}}', 'https://b.example/?z=1&a=1&b=2'],
    ['https://b.example/?z=1#{{lead.email}}', 'https://b.example/?z=1#ana+1@example.com'],
    ['{{url}}', 'https://buyer.example/in?x=1'],
    ['{{url}}&e={{lead.email}}', 'https://buyer.example/in?x=1&e=ana%2B1%40example.com'],
    ['https://b.example/?to={{url}}', 'https://b.example/?to=https%3A%2F%2Fbuyer.example%2Fin%3Fx%3D1'],
    [
      'https://b.example/?e={{#if lead.email}}{{uppercase lead.email}}{{/if}}',
      'https://b.example/?e=ANA%2B1%40EXAMPLE.COM',
    ],
    ['https://b.example/?e={{lead.odd}}', 'https://b.example/?e=a%EF%BF%BDb'],
    ['https://b.example/?a={{lead.missing}}&b=1', 'https://b.example/?a=&b=1'],
  ])('%s', (source, url) => {
    const compiled = compileTemplate(source, { writes: 'url' });
    if (!compiled.ok) throw new Error(compiled.error.message);
    const ctx = { now: 0, timeZone: 'UTC', random: () => 0 };
    expect(compiled.value.evaluate(vars, ctx)).toBe(url);
    expect(compiled.value.render(vars, ctx)).toBe(url);
  });

  it('other templates are as they were', () => {
    const compiled = compileTemplate('?e={{lead.email}} ');
    expect(compiled.ok && compiled.value.render(vars, { now: 0, timeZone: 'UTC', random: () => 0 })).toBe(
      '?e=ana+1@example.com ',
    );
  });
});
