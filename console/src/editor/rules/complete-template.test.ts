import { describe, expect, it } from 'vitest';
import { complete, findOpenTag, listCompletions } from './complete-template.ts';

const variables = [
  { path: 'lead.state', label: 'State', type: 'state', group: 'Lead' },
  { path: 'lead.first_name', label: 'First Name', type: 'first_name', group: 'Lead' },
];
/** `|` is the caret. */
function at(text: string) {
  const caret = text.indexOf('|');
  const written = text.replace('|', '');
  return { written, caret, tag: findOpenTag(written, caret) };
}

describe('a template that is written', () => {
  it.each<[string, string | undefined]>([
    ['plain|', undefined],
    ['{{|', ''],
    ['{{lead.st|', 'lead.st'],
    ['{{lead.state}}|', undefined],
    ['{{lead.state}} {{up|', 'up'],
    ['{{lowercase lead.f|}}', 'lead.f'],
    ['{{format x format="MM|', undefined],
    ['{{#if lead.|', 'lead.'],
  ])('%s', (text, word) => {
    expect(at(text).tag?.word).toBe(word);
  });

  it('has helpers where one can begin, and variables everywhere', () => {
    const namesAt = (text: string) => {
      const { tag } = at(text);
      return tag ? listCompletions(tag, variables).map(({ label }) => label) : [];
    };
    expect(namesAt('{{low|')).toEqual(['lowercase']);
    expect(namesAt('{{lowercase sta|')).toEqual(['State']);
    expect(namesAt('{{lowercase low|')).toEqual([]);
    expect(namesAt('{{lowercase (upp|')).toEqual(['uppercase']);
    expect(namesAt('{{|').slice(0, 3)).toEqual(['State', 'First Name', 'format']);
  });

  it.each<[string, 'variable' | 'helper', string, string]>([
    ['Hi {{fir|', 'variable', 'lead.first_name', 'Hi {{lead.first_name}}|'],
    ['{{sta|}} x', 'variable', 'lead.state', '{{lead.state|}} x'],
    ['{{lead.st|ate}}', 'variable', 'lead.state', '{{lead.state|}}'],
    ['{{up|', 'helper', 'uppercase ', '{{uppercase |}}'],
    ['{{uppercase fir|}}', 'variable', 'lead.first_name', '{{uppercase lead.first_name|}}'],
    ['{{sta| and {{lead.x}}', 'variable', 'lead.state', '{{lead.state}}| and {{lead.x}}'],
  ])('%s, completed as a %s', (text, kind, inserted, expected) => {
    const { written, caret, tag } = at(text);
    if (tag === undefined) throw new Error('There is no tag at the caret.');
    const done = complete(written, { tag, caret, completion: { kind, text: inserted, label: '', detail: '' } });
    expect(`${done.text.slice(0, done.caret)}|${done.text.slice(done.caret)}`).toBe(expected);
  });
});
