import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { FieldType } from '../../../../client/src/client.ts';
import { OPERATOR_NAMES } from '../../../../src/model/operator.ts';
import { modulesQuery, typesQuery } from '../../api/vocabulary.ts';
import type { EditorNames } from '../part-props.ts';
import { listVariables, typeOf, type Variable } from './list-variables.ts';

/** What a part of the flow can read, and which operators there are for it. */
export interface Vocabulary {
  variables: readonly Variable[];
  types: readonly FieldType[];
}

const NONE: readonly never[] = [];

/** Fields are there at once; parts of values and answers of recipients once the server has said them. */
export function useVariables(names: EditorNames, path: string): Vocabulary {
  const { data: types = NONE } = useQuery(typesQuery);
  const { data: modules = NONE } = useQuery(modulesQuery);
  const { document, fields } = names;
  const variables = useMemo(
    () => listVariables({ document, fields, types, modules, path }),
    [document, fields, types, modules, path],
  );
  return { variables, types };
}

/** Those of the type; all of a left side whose type is not known before a lead comes. */
export function operatorsFor(lhv: unknown, { variables, types }: Vocabulary): readonly string[] {
  const type = typeOf(lhv, variables);
  return types.find(({ name }) => name === type)?.operators ?? OPERATOR_NAMES;
}
