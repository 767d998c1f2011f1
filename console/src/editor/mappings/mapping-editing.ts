import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Mapping } from '../../../../src/model/mapping.ts';
import { api } from '../../api/client.ts';
import type { EditorNames, Fault, PartProps } from '../part-props.ts';
import { nest, type SampleVars } from '../rules/read-sample.ts';
import { type Sample, varsOf } from '../rules/use-sample.ts';
import type { Vocabulary } from '../rules/use-variables.ts';
import { exampleOf, listAnswers } from './examples.ts';

/** What every property of one integration is given. */
export interface MappingEditing {
  mappings: readonly Mapping[];
  put(next: readonly Mapping[], what: string): void;
  /** Of the integration in the document. */
  path: string;
  faults: readonly Fault[];
  names: EditorNames;
  isReadOnly: boolean;
  vocabulary: Vocabulary;
  sampled: SampledVars;
  credential: Pick<PartProps<string>, 'value' | 'change'> | undefined;
}

/** What values are shown with. */
export interface SampledVars {
  vars: SampleVars;
  /** Nobody gave a lead: the values are examples of the fields. */
  isExample: boolean;
  /** Why the lead that was given cannot be read. */
  message: string | undefined;
}

/** An example of each field. */
const examplesQuery = queryOptions({
  queryKey: ['fields', 'examples'],
  queryFn: async () => {
    const fields = await api.listFields();
    return new Map(fields.map(({ id, type, examples }) => [id, examples?.[0] ?? exampleOf(id, type)]));
  },
  staleTime: 300_000,
});

const PLACES = {
  source: { name: 'A source' },
  submission: { timestamp: '2026-11-20T15:04:05.067Z', ip: '192.0.2.1' },
  random: 50,
};

const NONE: ReadonlyMap<string, unknown> = new Map();

/** The lead that a person gave; until then an example of each field. */
export function useSampleVars(names: EditorNames, sample: Sample, path: string): SampledVars {
  const { data: examples = NONE } = useQuery(examplesQuery);
  return useMemo(() => {
    const given = varsOf(sample);
    const isExample = sample.text.trim() === '';
    if (!isExample && given.message === undefined) return { vars: given.vars, isExample, message: undefined };
    const values = names.document.fields.flatMap((id): [string, unknown][] =>
      examples.has(id) ? [[id, examples.get(id)]] : [],
    );
    const lead = nest(Object.fromEntries(values));
    const vars = { ...listAnswers(names.document, path), ...PLACES, ...sample.others, lead };
    return { vars, isExample: true, message: given.message };
  }, [sample, examples, names.document, path]);
}
