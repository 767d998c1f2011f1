import { describe, expect, it } from 'vitest';
import { parseEventFacts } from '../stored/event-facts.ts';
import { runTestLead } from './testing/run-test-lead.ts';
import { candidateOf, deliveryTo, distributionOf, filter, testFlow, when } from './testing/test-flow.ts';

describe('the facts that are counted', () => {
  it('are what the texts of the events say', async () => {
    const steps = [
      filter(when('lead.state', 'is equal to', 'TX'), { outcome: 'failure', reason: 'in Texas' }),
      distributionOf([candidateOf('Acme', { id: 'acme00' }), candidateOf('Best', { id: 'best00' })]),
      deliveryTo('Last'),
    ];
    const { settled } = await runTestLead({ flow: testFlow({ steps }), values: { first_name: 'Ann', state: 'CA' } });
    const texts = settled?.events.map(({ facts }) => parseEventFacts(JSON.parse(facts)));
    expect(texts).toHaveLength(4);
    expect(JSON.parse(JSON.stringify(settled?.facts))).toEqual(texts);
  });
});

describe('what a lead is found by', () => {
  const flow = testFlow({ fields: ['first_name', 'address_1', 'email', 'ssn'] });
  const values = {
    first_name: 'Ann',
    address_1: '12 Main St 219-09-9999',
    email: 'ann@example.com',
    ssn: '219-09-9999',
  };

  it('comes with its end: words, keyed hashes, and no part of what is masked', async () => {
    const { settled } = await runTestLead({ flow, values });
    expect(settled?.words).toMatch(/^ann:1 12:101 main:102 st:103 =[\w-]{16}$/);
  });

  it('is nothing where it cannot be found out, and the lead ends all the same', async () => {
    const hashSearchValue = () => {
      throw new Error('no hash');
    };
    const { settled, faults, body } = await runTestLead({ flow, values, deps: { hashSearchValue } });
    expect(body).toMatchObject({ outcome: 'success' });
    expect(settled?.words).toBe('');
    expect(faults).toMatchObject([{ where: 'search' }]);
  });
});
