import { describe, expect, it } from 'vitest';
import { runTestLead, type TestLead } from '../testing/run-test-lead.ts';
import { testFlow, testSource } from '../testing/test-flow.ts';

const JSON_HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json' };

describe('inbound-integration', () => {
  const ANSWERS: { name: string; lead: TestLead; status: number; said: string }[] = [
    {
      name: 'another method',
      lead: { request: { method: 'PUT' } },
      status: 405,
      said: 'The PUT method is not allowed',
    },
    {
      name: 'a format it cannot write',
      lead: { request: { headers: { ...JSON_HEADERS, Accept: 'text/html' } } },
      status: 406,
      said: 'Not capable of generating content',
    },
    {
      name: 'a broken body',
      lead: { request: { headers: { ...JSON_HEADERS, 'Content-Length': '1' }, body: '{' } },
      status: 400,
      said: 'Unable to parse JSON',
    },
  ];

  it.each(ANSWERS)('answers $name itself, and nothing is stored', async ({ lead, status, said }) => {
    const { end, settled, store } = await runTestLead(lead);
    expect(end).toMatchObject({ answer: { status, body: expect.stringContaining(said) } });
    expect(settled).toBeUndefined();
    expect(store.looks).toEqual([]);
  });

  it('is an error with an event when the module is not installed, without a word of what was sent', async () => {
    const sources = [testSource({ integration: { module_id: 'nobody.inbound', mappings: [] } })];
    const uri = '/submit?ssn=123-45-6789';
    const { body, events, settled } = await runTestLead({
      flow: testFlow({ sources }),
      values: { ssn: '123-45-6789' },
      request: { uri },
    });
    expect(body).toMatchObject({
      outcome: 'error',
      reason: 'The integration of this source is not installed',
      price: 0,
    });
    expect(events).toMatchObject([{ type: 'source', outcome: 'error' }]);
    expect(settled?.document).not.toContain('123-45');
  });
});

describe('hygiene and inbound-mapping', () => {
  const mapped = (mappings: { property: string; value: string }[]) =>
    testFlow({ sources: [testSource({ integration: { module_id: 'leadconduit-default.inbound', mappings } })] });

  const CASES: { name: string; lead: TestLead; stored: object }[] = [
    {
      name: 'trims, and drops what is null or empty',
      lead: { values: { first_name: '  Ann ', email: '', state: null } },
      stored: { first_name: 'Ann' },
    },
    {
      name: 'a mapping renames, with or without the prefix',
      lead: {
        flow: mapped([
          { property: 'lead.first_name', value: '{{fname}}' },
          { property: 'email', value: '{{mail}}' },
        ]),
        values: { fname: 'Ann', mail: 'ann@example.com' },
      },
      stored: { first_name: 'Ann', email: expect.objectContaining({ normal: 'ann@example.com' }) },
    },
    {
      name: 'mappings read what was submitted, not what an earlier one wrote',
      lead: {
        flow: mapped([
          { property: 'first_name', value: '{{state}}' },
          { property: 'email', value: '{{first_name}}@example.com' },
        ]),
        values: { first_name: 'Ann', state: 'Texas' },
      },
      stored: { first_name: 'Texas', email: expect.objectContaining({ raw: 'Ann@example.com' }) },
    },
    {
      name: 'a mapping whose template gives nothing leaves the value',
      lead: { flow: mapped([{ property: 'first_name', value: '{{missing}}' }]), values: { first_name: 'Ann' } },
      stored: { first_name: 'Ann' },
    },
  ];

  it.each(CASES)('$name', async ({ lead, stored }) => {
    const { document, run } = await runTestLead(lead);
    const { id, ...fields } = document.vars.lead;
    expect(fields).toMatchObject(stored);
    expect(Object.keys(fields)).toEqual(expect.arrayContaining(Object.keys(stored)));
    expect(id).toBe(run.leadId);
  });
});
