import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { SluiceError } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { ShownValue } from '../../parts/ShownValue.tsx';
import type { EditorNames } from '../part-props.ts';
import type { SampledVars } from './mapping-editing.ts';
import styles from './mappings.module.css';

/** A pause in typing after which the server is asked. */
const PAUSE_MS = 250;

/** What a template comes to with the lead that values are shown with; a fault of it at once. */
export function Rendered({ template, sampled, names }: { template: string; sampled: SampledVars; names: EditorNames }) {
  const [asked] = useDebouncedValue(template, PAUSE_MS);
  const { vars } = sampled;
  const { data, error } = useQuery({
    queryKey: ['rendered', asked, vars],
    queryFn: ({ signal }) => api.renderTemplate({ template: asked, vars, time_zone: names.timeZone }, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
    // What was rendered may be somebody's values.
    gcTime: 0,
  });
  if (error)
    return (
      <p className={styles['fault']}>
        <Sentence text={describeFault(error)} />
      </p>
    );
  if (data === undefined) return null;
  return (
    <p className={styles['rendered']}>
      <span aria-hidden>→ </span>
      <span className={styles['spoken']}>Comes to </span>
      {data.text.trim() === '' ? (
        <span className={styles['note']}>nothing: the mapping is left out</span>
      ) : (
        <ShownValue value={data.text} />
      )}
    </p>
  );
}

function describeFault(error: Error): string {
  const [first] = error instanceof SluiceError ? error.details : [];
  return first?.message ?? describeError(error).text;
}
