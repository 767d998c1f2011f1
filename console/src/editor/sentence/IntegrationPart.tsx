import { lazy, Suspense } from 'react';
import type { Integration } from '../../../../src/model/mapping.ts';
import { Delayed } from '../../parts/Delayed.tsx';
import type { PartProps } from '../part-props.ts';

const MappingsEditor = lazy(() =>
  import('../mappings/MappingsEditor.tsx').then(({ MappingsEditor }) => ({ default: MappingsEditor })),
);

/** The module that sends something, and what it is given. */
export function IntegrationPart(props: PartProps<Integration>) {
  return (
    <Suspense fallback={<Delayed>Reading the mappings…</Delayed>}>
      <MappingsEditor {...props} />
    </Suspense>
  );
}
