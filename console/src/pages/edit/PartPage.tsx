import { Title } from '@mantine/core';
import { useDraftValue } from '../../editor/draft/use-draft.ts';
import classes from './edit.module.css';
import { EDIT_PARTS, type EditPart } from './edit-places.ts';
import { FaultNotes } from './FaultNotes.tsx';
import type { FaultIndex } from './fault-index.ts';
import { RawPart } from './RawPart.tsx';
import { SourcesPart } from './SourcesPart.tsx';
import { StepsPart } from './StepsPart.tsx';

/** The page of one part of the flow. */
export function PartPage({ part, faults }: { part: EditPart; faults: FaultIndex }) {
  switch (part) {
    case 'sources':
      return <SourcesPart faults={faults} />;
    case 'steps':
      return <StepsPart faults={faults} />;
    case 'fields':
    case 'rules':
    case 'pricing':
    case 'caps':
    case 'hours':
    case 'checks':
    case 'settings':
      return <RawPage part={part} faults={faults} />;
  }
}

const PROPERTIES = {
  fields: 'fields',
  rules: 'acceptance_criteria',
  pricing: 'pricing',
  caps: 'caps',
  hours: 'hours_of_operation',
  checks: 'list_checks',
  settings: 'name',
} as const;

function RawPage({ part, faults }: { part: Exclude<EditPart, 'sources' | 'steps'>; faults: FaultIndex }) {
  const property = PROPERTIES[part];
  const value = useDraftValue(({ document }) => document[property]);
  return (
    <section aria-labelledby="part">
      <div className={classes['head']}>
        <Title order={2} id="part">
          {EDIT_PARTS.find((each) => each.part === part)?.label}
        </Title>
      </div>
      <FaultNotes faults={faults.at(property)} />
      <RawPart value={value} />
    </section>
  );
}
