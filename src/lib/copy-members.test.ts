import fc from 'fast-check';
import { expect, it } from 'vitest';
import { copyMembers } from './copy-members.ts';

it('copyMembers makes what a spread makes', () => {
  const name = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'length', '0'), fc.string());
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.anything())), (members) => {
      const from = Object.fromEntries(members);
      const copy = copyMembers(from);
      expect(Object.getOwnPropertyDescriptors(copy)).toEqual(Object.getOwnPropertyDescriptors({ ...from }));
      expect(Object.keys(copy)).toEqual(Object.keys({ ...from }));
      expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    }),
  );
});
