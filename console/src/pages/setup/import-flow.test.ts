import { expect, it, vi } from 'vitest';

vi.hoisted(() => vi.stubGlobal('window', { location: { origin: 'http://localhost' } }));
const { parseFlow } = await import('./import-flow.ts');

it.each([
  ['{"name": ', 'This is no JSON'],
  ['', 'This is no JSON'],
  ['[]', 'A flow is a JSON object'],
  ['null', 'A flow is a JSON object'],
  ['"x"', 'A flow is a JSON object'],
])('a text %j is refused in words', (text, sentence) => {
  expect(() => parseFlow(text)).toThrow(sentence);
});

it('an object is handed to the API as it is', () => {
  expect(parseFlow('{"name": "A", "unheard_of": 1}')).toEqual({ name: 'A', unheard_of: 1 });
});
