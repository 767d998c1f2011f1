import { expect, it } from 'vitest';
import { OPERATOR_NAMES } from '../model/operator.ts';
import { FIELD_TYPES } from './field-types.ts';

it('every operator is offered by a type', () => {
  const offered = new Set(FIELD_TYPES.flatMap(({ operators }) => operators));
  expect(OPERATOR_NAMES.filter((name) => !offered.has(name))).toEqual([]);
});
