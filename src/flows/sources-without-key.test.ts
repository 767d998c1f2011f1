import { describe, expect, it } from 'vitest';
import { type Principal, permissionsOfRole, UNLIMITED } from '../access/principal.ts';
import { finish } from '../lib/slices.ts';
import { findSourcesWithoutKey } from './sources-without-key.ts';

const VENDOR: Principal = {
  accountId: 'a1',
  actor: { kind: 'key', id: 'abcdefabcdefabcdefabcdef', name: 'Vendor' },
  permissions: permissionsOfRole('vendor'),
  limits: { ...UNLIMITED, sourceIds: new Set(['e1']) },
};
const ANALYST: Principal = { ...VENDOR, permissions: permissionsOfRole('analyst') };
const flow = (source: object) => ({ id: 'f1', sources: [{ id: 's1', entity: { id: 'E1' }, ...source }] });

const CASES: [string, object, Principal[] | undefined, string[]][] = [
  ['a source that asks for no key', {}, [], []],
  ['one that asks for a key that there is', { authentication_required: true }, [ANALYST, VENDOR], []],
  ['one that no key may submit to', { authentication_required: true }, [ANALYST], ['authentication_required']],
  [
    'one that keys of other sources may not submit to',
    { authentication_required: true, entity: { id: 'e2' } },
    [VENDOR],
    ['authentication_required'],
  ],
  ['one that names its key', { credential_id: 'ABCDEFABCDEFABCDEFABCDEF' }, [VENDOR], []],
  ['one that names no key', { credential_id: '0123456789abcdef01234567' }, [VENDOR], ['credential_id']],
  ['one that names a key that may not submit', { credential_id: ANALYST.actor.id }, [ANALYST], ['credential_id']],
  ['where keys are not known', { authentication_required: true }, undefined, []],
];

describe('sources that no key may submit to', () => {
  it.each(CASES)('%s', (_name, source, keys, names) => {
    const found = finish(findSourcesWithoutKey(flow(source), keys));
    expect(found.map(({ path }) => path)).toEqual(names.map((name) => `sources.0.${name}`));
    for (const { message } of found) expect(message).toContain('401');
  });
});
