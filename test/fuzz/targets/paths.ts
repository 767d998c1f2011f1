import type { Vars } from '../../../src/model/vars.ts';
import { assignPath, isAssignableKey } from '../../../src/variables/assign.ts';
import { cleanValues } from '../../../src/variables/clean-values.ts';
import { flatten } from '../../../src/variables/flatten.ts';
import { compileLookup } from '../../../src/variables/lookup.ts';
import { PATH_SEGMENTS_MAX, parsePath } from '../../../src/variables/property-path.ts';
import { unflatten } from '../../../src/variables/unflatten.ts';
import type { Random } from '../random.ts';
import { type FuzzTarget, kindOfMessage, magnitude, mustHold } from '../target.ts';
import { HOSTILE_LEAD } from './hostile-lead.ts';

const PARTS = [
  'lead',
  'items',
  'a b',
  '0',
  '1',
  '999',
  '1000',
  '007',
  '[0]',
  '[12]',
  '["a.b"]',
  "['c']",
  '{123}',
  '{a.b}',
  '"q.r"',
  "'s'",
  'x[0][y]',
  'normal',
  'raw',
  '__proto__',
  'constructor',
  'random_number',
  '',
] as const;

/** Paths of variables and properties: parsed, looked up, assigned, and as the names of a submitted form. */
export const paths: FuzzTarget = {
  name: 'paths',
  tokens: ['.', '..', '[', ']', '{', '}', '"', "'", ...PARTS],
  generate: (random: Random) =>
    Array.from({ length: 1 + random.below(random.oneIn(8) ? 40 : 6) }, () => random.pick(PARTS)).join(
      random.oneIn(6) ? '' : '.',
    ),
  run(input) {
    const parsed = parsePath(input);
    const found = compileLookup(input)(HOSTILE_LEAD);
    checkNames(input);
    if (!parsed.ok) {
      mustHold(found === undefined, 'what is no path finds nothing');
      return `error ${kindOfMessage(parsed.error)}`;
    }
    const segments = parsed.value;
    const target: Vars = {};
    const isWritten = assignPath(target, segments, 'written');
    mustHold(isWritten === segments.every(isAssignableKey), 'a path is written unless it has a forbidden name');
    mustHold(isWritten || Object.keys(target).length === 0, 'what is not written leaves nothing behind');
    // `normal` of a text is the text, so a path that ends so finds it one step up as well.
    if (isWritten) mustHold(compileLookup(input)(target) === 'written', 'what is assigned is found again');
    mustHold(Object.getPrototypeOf({}) === Object.prototype && !('written' in {}), 'no input reaches the prototype');
    return [
      'path',
      magnitude(segments.length),
      segments.map((segment) => typeof segment).slice(0, 3),
      typeof found,
    ].join(' ');
  },
};

/** The same text as the name of a form's field: expanded, cleaned, and the same once more. */
function checkNames(name: string): void {
  const { values } = cleanValues({ [name]: 'x', 'other.0': 'y' });
  mustHold(JSON.stringify(cleanValues(values).values) === JSON.stringify(values), 'clean values stay as they are');
  mustHold(measureDepth(values) <= PATH_SEGMENTS_MAX, 'clean values are within the depth');
  JSON.stringify(unflatten(flatten(values)));
}

function measureDepth(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(measureDepth));
}
