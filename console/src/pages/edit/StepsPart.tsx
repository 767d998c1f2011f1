import { Title } from '@mantine/core';
import { IconFilter, IconSend, IconShare2 } from '@tabler/icons-react';
import { memo } from 'react';
import type { Step } from '../../../../src/model/flow.ts';
import { useDraftValue } from '../../editor/draft/use-draft.ts';
import type { Fault } from '../../editor/part-props.ts';
import { EmptyState } from '../../parts/EmptyState.tsx';
import classes from './edit.module.css';
import { nameStep } from './edit-places.ts';
import { FaultMark } from './FaultNotes.tsx';
import type { FaultIndex } from './fault-index.ts';
import { PanelButton, PanelLink } from './PanelLink.tsx';
import { listMarks } from './summaries.ts';
import { useEdit } from './use-edit.ts';

/** What happens to a lead that was taken, from top to bottom. */
export function StepsPart({ faults }: { faults: FaultIndex }) {
  const tools = useEdit();
  const steps = useDraftValue(({ document }) => document.steps);
  return (
    <section aria-labelledby="steps">
      <div className={classes['head']}>
        <Title order={2} id="steps">
          Steps
        </Title>
        {!tools.isReadOnly && <PanelButton panel="new-recipient">Add recipient</PanelButton>}
      </div>
      {steps.length === 0 && (
        <EmptyState
          title="No steps yet"
          text="A lead that was taken goes through the steps: filters turn it away, recipients get it."
        />
      )}
      <ol className={classes['steps']}>
        {steps.map((step, index) => (
          <StepRow key={step.id ?? index} step={step} index={index} faults={faults.at(`steps.${index}`)} />
        ))}
      </ol>
    </section>
  );
}

const KINDS = {
  filter: { word: 'Filter', icon: IconFilter },
  recipient: { word: 'Recipient', icon: IconSend },
  distribution: { word: 'Distribution', icon: IconShare2 },
} as const;

/** One step; drawn again only when it, its place or its faults change. */
const StepRow = memo(function StepRow(given: { step: Step; index: number; faults: readonly Fault[] }) {
  const { step, index, faults } = given;
  const { word, icon: Icon } = KINDS[step.type];
  return (
    <li className={classes['step']} data-step={index} data-off={step.enabled === false}>
      <span className={classes['kind']}>
        <Icon size={16} aria-hidden />
        {word}
      </span>
      <span>
        <PanelLink panel={`steps.${index}`} className={classes['rowName']}>
          <bdi>{nameStep(step)}</bdi>
        </PanelLink>
        <span className={classes['sub']}>{listMarks(step).join(' · ')}</span>
        <FaultMark faults={faults} />
      </span>
    </li>
  );
});
