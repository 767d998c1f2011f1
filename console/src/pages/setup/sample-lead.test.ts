import { expect, it } from 'vitest';
import { buildCurl, buildSampleLead } from './sample-lead.ts';

it('a sample lead has a value for each thing a source takes, and another person each time', () => {
  const params = [
    { name: 'first_name', type: 'first_name' },
    { name: 'email', type: 'email' },
    { name: 'mortgage.property.state', type: 'state', examples: ['Ohio'] },
    { name: 'mortgage.loan.purpose', type: 'string', examples: ['purchase', 'refinance'] },
    { name: 'note', type: 'string', examples: [{ raw: 1 }] },
    { name: '*', type: 'any' },
    { name: 'redir_url', type: 'url' },
  ];
  expect(buildSampleLead(params, 'k3x9')).toEqual({
    first_name: 'Jane',
    email: 'jane.k3x9@example.com',
    'mortgage.property.state': 'TX',
    'mortgage.loan.purpose': 'purchase',
    note: 'example',
  });
  expect(buildSampleLead(params, 'p0q1')['email']).not.toBe('jane.k3x9@example.com');
});

it('a sample lead of a large flow stays readable', () => {
  const params = Array.from({ length: 60 }, (_, index) => ({ name: `field_${index}`, type: 'string' }));
  expect(Object.keys(buildSampleLead(params, 't'))).toHaveLength(15);
});

it('the command holds whatever the values have', () => {
  expect(buildCurl('http://127.0.0.1:8400/flows/1/sources/2/submit', { name: "O'Neil & $HOME", state: 'TX' })).toBe(
    "curl -H 'Accept: application/json' -d 'name=O%27Neil+%26+%24HOME&state=TX' 'http://127.0.0.1:8400/flows/1/sources/2/submit'",
  );
});
