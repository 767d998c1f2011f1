import { describe, expect, it } from 'vitest';
import { nest, plainVars, readSample, writeSample } from './read-sample.ts';

describe('a lead for a trial', () => {
  it.each<[string, string, unknown]>([
    ['lines', 'state=TX\nemail = ann@example.com', { lead: { state: 'TX', email: 'ann@example.com' } }],
    [
      'lines with colons, as people copy them',
      'state: TX\nlead.city: Austin',
      { lead: { state: 'TX', city: 'Austin' } },
    ],
    ['a value with an equals sign', 'note=a=b', { lead: { note: 'a=b' } }],
    [
      'a form',
      'state=TX&email=ann%40example.com&city=New+York',
      {
        lead: { state: 'TX', email: 'ann@example.com', city: 'New York' },
      },
    ],
    ['JSON', '{"state":"TX","age":5}', { lead: { state: 'TX', age: 5 } }],
    [
      'all variables as JSON',
      '{"lead":{"state":"TX"},"source":{"name":"A"}}',
      {
        lead: { state: 'TX' },
        source: { name: 'A' },
      },
    ],
    [
      'a field with dots',
      'mortgage.loan.amount=5\nmortgage.loan.kind=x',
      {
        lead: { mortgage: { loan: { amount: '5', kind: 'x' } } },
      },
    ],
    ['nothing', '', { lead: {} }],
  ])('%s', (_, text, vars) => {
    expect(readSample(text)).toEqual({ ok: true, vars });
  });

  it('that cannot be read says where', () => {
    expect(readSample('state=TX\nno value')).toEqual({ ok: false, message: 'Line 2 is not name=value.' });
    expect(readSample('{"state"')).toMatchObject({ ok: false, message: expect.stringContaining('This is no JSON') });
  });

  it('cannot reach the prototype of objects', () => {
    const values = nest({ '__proto__.polluted': 'yes', 'constructor.prototype.polluted': 'yes' });
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
    expect(Object.keys(values)).toEqual(['__proto__', 'constructor']);
  });

  it('is taken from an event as it was sent, and written as it is read', () => {
    const vars = plainVars({
      lead: {
        phone_1: { normal: '5127894321', raw: '(512) 789-4321', valid: true, area: '512' },
        tags: ['a', 'b'],
        note: 'x\ny',
      },
      source: { name: 'A' },
    });
    expect(vars).toEqual({
      lead: { phone_1: '(512) 789-4321', tags: ['a', 'b'], note: 'x\ny' },
      source: { name: 'A' },
    });
    expect(writeSample(vars.lead)).toBe('phone_1=(512) 789-4321\ntags=a, b\nnote=x y');
  });
});
