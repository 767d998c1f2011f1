import assert from 'node:assert';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMappings } from '../../src/mappings/compile-mappings.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Vars } from '../../src/model/vars.ts';
import { isAssignableKey } from '../../src/variables/assign.ts';
import { flatten } from '../../src/variables/flatten.ts';

const CTX = { now: 0, timeZone: 'UTC', random: () => 0.5 };
const name = fc
  .stringMatching(/^[a-z][a-z0-9_]{0,6}$/)
  .filter(isAssignableKey)
  .filter((each) => each !== 'normal');
const leaf = fc.oneof(fc.stringMatching(/^[!-~]{1,8}$/), fc.integer(), fc.boolean());
const { tree } = fc.letrec<{ tree: Vars; node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthIdentifier: 'nodes', maxDepth: 3 },
    leaf,
    tie('tree'),
    fc.array(leaf, { minLength: 1, maxLength: 3 }),
  ),
  tree: fc.dictionary(name, tie('node'), { minKeys: 1, maxKeys: 4 }),
}));

describe('mappings', () => {
  it('of every leaf to its own path make the same tree again, types included', () => {
    fc.assert(
      fc.property(tree, (vars) => {
        const problems: Problem[] = [];
        const mappings = Object.keys(flatten({ vars })).map((path) => ({
          property: `copy.${path}`,
          value: `{{${path}}}`,
        }));
        const compileRules = () => assert.fail('there are no rules');
        const target: Vars = {};
        const applied = compileMappings(mappings, { path: 'mappings', compileRules, problems }).apply(
          { vars },
          target,
          CTX,
        );
        expect(problems).toEqual([]);
        expect(target).toEqual({ copy: { vars } });
        expect(applied).toHaveLength(mappings.length);
      }),
      { numRuns: 500 },
    );
  });
});
