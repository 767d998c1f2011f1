import { describe, expect, it } from 'vitest';
import { findOperations } from './find-operations.ts';
import type { Operation } from './read-reference.ts';

const operation = (name: string, method: string, path: string, permission: string, summary: string): Operation => ({
  ...{ name, method, path, permission, summary, description: undefined },
  ...{ parameters: [], body: undefined, answers: [] },
});
const GROUPS = [
  {
    label: 'Leads',
    operations: [
      operation('listLeads', 'GET', '/leads', 'leads.read', 'A page of leads.'),
      operation('readLead', 'GET', '/leads/{id}', 'leads.read', 'One lead.'),
    ],
  },
  { label: 'Flows', operations: [operation('deployFlow', 'POST', '/flows/{id}/deploy', 'flows.deploy', 'Goes live.')] },
];

describe('operations are found', () => {
  it.each([
    ['all of them by nothing', ' ', ['listLeads', 'readLead', 'deployFlow']],
    ['by their name, in any case', 'LISTleads', ['listLeads']],
    ['by a part of their path', '/flows/{id}', ['deployFlow']],
    ['by method and path', 'get /leads', ['listLeads', 'readLead']],
    ['by words of their summary, in any order', 'live goes', ['deployFlow']],
    ['by their permission', 'leads.read', ['listLeads', 'readLead']],
    ['not by words that none of them has', 'leads deploy', []],
  ])('%s', (_, wanted, names) => {
    expect(findOperations(GROUPS, wanted).flatMap(({ operations }) => operations.map(({ name }) => name))).toEqual(
      names,
    );
  });

  it('and leave out groups without any', () => {
    expect(findOperations(GROUPS, 'deploy').map(({ label }) => label)).toEqual(['Flows']);
  });
});
