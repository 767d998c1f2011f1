import { Button, Menu, Switch, Title } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconChevronDown,
  IconDots,
  IconFilter,
  IconPlus,
  IconSend,
  IconShare2,
} from '@tabler/icons-react';
import { memo } from 'react';
import type { DistributionStep, Step } from '../../../../src/model/flow.ts';
import { nameOfCandidate } from '../../editor/distribution/describe-distribution.ts';
import { useDraftStore, useDraftValue } from '../../editor/draft/use-draft.ts';
import type { Fault } from '../../editor/part-props.ts';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { listAt } from './change-steps.ts';
import classes from './edit.module.css';
import { nameStep } from './edit-places.ts';
import { FaultMark } from './FaultNotes.tsx';
import type { FaultIndex } from './fault-index.ts';
import { PanelLink } from './PanelLink.tsx';
import { type StepActions, useStepActions } from './step-actions.ts';
import { countOf, listDeliveryMarks, listMarks } from './summaries.ts';
import { useEdit } from './use-edit.ts';
import { type StepTraffic, useDeliveryTimes, useStepTraffic } from './use-traffic.ts';

/** What happens to a lead that was taken, from top to bottom. */
export function StepsPart({ faults }: { faults: FaultIndex }) {
  const { isReadOnly } = useEdit();
  const steps = useDraftValue(({ document }) => document.steps);
  const actions = useStepActions();
  const traffic = useStepTraffic();
  const times = useDeliveryTimes();
  return (
    <section aria-labelledby="steps">
      <div className={classes['head']}>
        <Title order={2} id="steps">
          Steps
        </Title>
        {!isReadOnly && <AddStep actions={actions} />}
      </div>
      {steps.length === 0 && (
        <EmptyState
          title="No steps yet"
          text="A lead that was taken goes through the steps from top to bottom: filters turn it away, recipients get it."
        />
      )}
      <ol className={classes['steps']}>
        {steps.map((step, index) => (
          <StepRow
            key={step.id ?? index}
            step={step}
            index={index}
            isLast={index === steps.length - 1}
            faults={faults.at(`steps.${index}`)}
            traffic={traffic.get(step.id ?? '')}
            p50={step.type === 'recipient' ? times.get(step.entity?.id ?? '') : undefined}
            actions={actions}
          />
        ))}
      </ol>
    </section>
  );
}

function AddStep({ actions }: { actions: StepActions }) {
  const { openPanel } = useEdit();
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Button
          leftSection={<IconPlus size={16} aria-hidden />}
          rightSection={<IconChevronDown size={16} aria-hidden />}
        >
          Add step
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconFilter size={16} aria-hidden />} onClick={() => actions.add('filter')}>
          Filter: turns leads away
        </Menu.Item>
        <Menu.Item leftSection={<IconSend size={16} aria-hidden />} onClick={() => openPanel('new-recipient')}>
          Recipient: gets leads
        </Menu.Item>
        <Menu.Item leftSection={<IconShare2 size={16} aria-hidden />} onClick={() => actions.add('distribution')}>
          Distribution: offers a lead to several
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const KINDS = {
  filter: { word: 'Filter', icon: IconFilter },
  recipient: { word: 'Recipient', icon: IconSend },
  distribution: { word: 'Distribution', icon: IconShare2 },
} as const;

interface StepRowProps {
  step: Step;
  index: number;
  isLast: boolean;
  faults: readonly Fault[];
  traffic: StepTraffic | undefined;
  /** Ms of a delivery; undefined: nothing was delivered. */
  p50: number | undefined;
  actions: StepActions;
}

/** One step; drawn again only when it, its place, its faults or its numbers change. */
const StepRow = memo(function StepRow({ step, index, isLast, faults, traffic, p50, actions }: StepRowProps) {
  const { isReadOnly } = useEdit();
  const kind = KINDS[step.type];
  const Icon = kind.icon;
  const isOff = step.enabled === false;
  return (
    <li className={classes['step']} data-step={index} data-off={isOff}>
      <span className={classes['number']} aria-hidden>
        {index + 1}
      </span>
      <span className={classes['kind']}>
        <Icon size={16} aria-hidden />
        {kind.word}
      </span>
      <div className={classes['stepText']}>
        <PanelLink panel={`steps.${index}`} className={classes['rowName']}>
          <bdi>{nameStep(step)}</bdi>
        </PanelLink>
        {isOff && <OutcomeBadge status="paused" word="Off" />}
        <FaultMark faults={faults} />
        <span className={classes['sub']}>{listMarks(step).join(' · ')}</span>
        {step.description && nameStep(step) !== step.description && (
          <span className={classes['sub']}>{step.description}</span>
        )}
        {step.type === 'distribution' && <Candidates step={step} index={index} />}
      </div>
      <Traffic traffic={traffic} p50={p50} />
      {!isReadOnly && <RowActions {...{ step, index, isLast, actions }} />}
    </li>
  );
});

function Candidates({ step, index }: { step: DistributionStep; index: number }) {
  const recipients = step.recipients ?? [];
  if (recipients.length === 0) return null;
  return (
    <ul className={classes['candidates']}>
      {recipients.map((candidate, place) => (
        <li key={candidate.id ?? place}>
          <PanelLink panel={`steps.${index}.recipients.${place}`} className={classes['rowName']}>
            <bdi>{nameOfCandidate(candidate, place)}</bdi>
          </PanelLink>
          <span className={classes['sub']}>{listDeliveryMarks(candidate).join(' · ')}</span>
        </li>
      ))}
    </ul>
  );
}

/** Of 24 hours, as the flow ran; nothing for a step that has not run yet. */
function Traffic({ traffic, p50 }: Pick<StepRowProps, 'traffic' | 'p50'>) {
  if (traffic === undefined) return <span className={classes['traffic']} />;
  const { reached, went, word } = traffic;
  const shares = [
    reached > 0 && `${Math.round((100 * went) / reached)} % ${word}`,
    p50 !== undefined && `half within ${p50.toLocaleString('en-US')} ms`,
  ].filter(Boolean);
  return (
    <span className={classes['traffic']}>
      {countOf(reached, 'lead')} in 24 h<span className={classes['sub']}>{shares.join(', ')}</span>
    </span>
  );
}

function RowActions({ step, index, isLast, actions }: Pick<StepRowProps, 'step' | 'index' | 'isLast' | 'actions'>) {
  const name = nameStep(step);
  return (
    <div className={classes['rowActions']}>
      <Switch
        size="sm"
        label="On"
        aria-label={`${name} is on`}
        checked={step.enabled !== false}
        onChange={({ currentTarget }) => actions.toggle(index, currentTarget.checked)}
      />
      <Button
        {...{ variant: 'default', size: 'compact-sm', disabled: index === 0 }}
        data-action="up"
        aria-label={`Move ${name} up`}
        onClick={() => actions.move(index, index - 1)}
      >
        <IconArrowUp size={16} aria-hidden />
      </Button>
      <Button
        {...{ variant: 'default', size: 'compact-sm', disabled: isLast }}
        data-action="down"
        aria-label={`Move ${name} down`}
        onClick={() => actions.move(index, index + 1)}
      >
        <IconArrowDown size={16} aria-hidden />
      </Button>
      <StepMenu {...{ index, name, isLast, actions }} />
    </div>
  );
}

function StepMenu(given: { index: number; name: string; isLast: boolean; actions: StepActions }) {
  const { index, name, isLast, actions } = given;
  const { openPanel } = useEdit();
  const store = useDraftStore();
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Button
          {...{ variant: 'default', size: 'compact-sm' }}
          data-action="more"
          rightSection={<IconDots size={16} aria-hidden />}
          aria-label={`More for ${name}`}
        >
          More
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => openPanel(`steps.${index}`)}>Edit</Menu.Item>
        <Menu.Item onClick={() => actions.duplicate(index)}>Duplicate</Menu.Item>
        <Menu.Item onClick={() => openPanel(`copy-steps.${index}`)}>Copy to another flow…</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => actions.add('filter', index)}>Insert a filter above</Menu.Item>
        <Menu.Item onClick={() => openPanel(`new-recipient.${index}`)}>Insert a recipient above</Menu.Item>
        <Menu.Item disabled={index === 0} onClick={() => actions.move(index, 0)}>
          Move to the top
        </Menu.Item>
        <Menu.Item
          disabled={isLast}
          onClick={() => actions.move(index, listAt(store.read().document, 'steps').length - 1)}
        >
          Move to the bottom
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => actions.remove(index)}>Remove</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
