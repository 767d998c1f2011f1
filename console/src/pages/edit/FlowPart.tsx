import { Text, Title } from '@mantine/core';
import { useDraftValue } from '../../editor/draft/use-draft.ts';
import classes from './edit.module.css';
import type { EditPart } from './edit-places.ts';
import { CapsPart, ChecksPart, CostPart, CriteriaPart, HoursPart, PartSpace } from './parts.tsx';

type FlowLevelPart = Exclude<EditPart, 'sources' | 'steps' | 'fields' | 'settings'>;

const WORDS: Readonly<Record<FlowLevelPart, { title: string; text: string }>> = {
  rules: {
    title: 'Criteria of all sources',
    text: 'A lead that does not pass is refused. These are asked before those of its source.',
  },
  pricing: {
    title: 'Price of all sources',
    text: 'What a lead costs. The flow’s price counts first, then that of its source; without either it is 0.',
  },
  caps: {
    title: 'Caps of all sources',
    text: 'How many leads are taken in a window, or how much they may cost. A lead takes a place in every cap whose rules match, here and of its source. When one is full, the lead is a failure.',
  },
  hours: { title: 'Hours', text: 'When leads are taken. It is asked before the criteria.' },
  checks: {
    title: 'List checks',
    text: 'Values that are looked up in lists before rules are asked. A rule on what a check found turns leads away.',
  },
};

/** The page of what holds for the whole flow. */
export function FlowPart({ part }: { part: FlowLevelPart }) {
  const { title, text } = WORDS[part];
  return (
    <section aria-labelledby="part">
      <Title order={2} id="part">
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="md" maw="75ch">
        {text}
      </Text>
      <div className={classes['form']}>
        <PartSpace>
          <Editor part={part} />
        </PartSpace>
      </div>
    </section>
  );
}

function Editor({ part }: { part: FlowLevelPart }) {
  const hasPings = useDraftValue(
    ({ document }) => document.ping_enabled === true || (document.ping_limits?.length ?? 0) > 0,
  );
  switch (part) {
    case 'rules':
      return <CriteriaPart path="acceptance_criteria" />;
    case 'pricing':
      return <CostPart owner="" />;
    case 'caps':
      return <CapsPart owner="" hasPings={hasPings} />;
    case 'hours':
      return <HoursPart path="hours_of_operation" />;
    case 'checks':
      return <ChecksPart path="list_checks" />;
  }
}
