import { describe, expect, it } from 'vitest';
import { type GuardedSource, maySubmit } from './may-submit.ts';
import { type Principal, permissionsOfRole, UNLIMITED } from './principal.ts';

const SOURCE: GuardedSource = { accountId: 'a1', flowId: 'f1', sourceIds: ['e1', 's1'], credentialId: null };
const KEY: Principal = {
  accountId: 'a1',
  actor: { kind: 'key', id: 'k1', name: 'Vendor' },
  permissions: permissionsOfRole('vendor'),
  limits: UNLIMITED,
};
const limited = (flowIds: string[] | null, sourceIds: string[] | null): Principal => ({
  ...KEY,
  limits: { flowIds: flowIds && new Set(flowIds), sourceIds: sourceIds && new Set(sourceIds) },
});

const CASES: { name: string; principal: Principal | null; source?: Partial<GuardedSource>; may: boolean }[] = [
  { name: 'no valid key', principal: null, may: false },
  { name: 'a vendor’s key', principal: KEY, may: true },
  { name: 'an owner’s key', principal: { ...KEY, permissions: permissionsOfRole('owner') }, may: true },
  { name: 'an analyst’s key', principal: { ...KEY, permissions: permissionsOfRole('analyst') }, may: false },
  { name: 'another account’s key', principal: { ...KEY, accountId: 'a2' }, may: false },
  { name: 'a key limited to the flow', principal: limited(['f1'], null), may: true },
  { name: 'a key limited to another flow', principal: limited(['f2'], null), may: false },
  { name: 'a key limited to the source by its entity', principal: limited(null, ['e1']), may: true },
  { name: 'a key limited to the source by its own id', principal: limited(null, ['s1']), may: true },
  { name: 'a key limited to another source', principal: limited(null, ['e2']), may: false },
  { name: 'a key limited to this source in another flow', principal: limited(['f2'], ['e1']), may: false },
  { name: 'a key limited to nothing', principal: limited([], null), may: false },
  { name: 'the key that the source names', principal: KEY, source: { credentialId: 'k1' }, may: true },
  { name: 'another key than the source names', principal: KEY, source: { credentialId: 'k2' }, may: false },
  {
    name: 'the key that the source names, limited to another source',
    principal: limited(null, ['e2']),
    source: { credentialId: 'k1' },
    may: false,
  },
];

describe('maySubmit', () => {
  it.each(CASES)('$name: $may', ({ principal, source, may }) => {
    expect(maySubmit(principal, { ...SOURCE, ...source })).toBe(may);
  });
});
