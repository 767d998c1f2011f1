import { Box, Button, Menu, Switch, Text, Title } from '@mantine/core';
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
import { memo, useMemo } from 'react';
import type { DistributionStep, Step } from '../../../../src/model/flow.ts';
import { nameOfCandidate } from '../../editor/distribution/describe-distribution.ts';
import { useDraftStore, useDraftValue } from '../../editor/draft/use-draft.ts';
import { FlowInWords } from '../../editor/overview/FlowInWords.tsx';
import { type Said, type SaidStep, sayAlone, sayDelivery, sayStep } from '../../editor/overview/say-flow.ts';
import type { Fault } from '../../editor/part-props.ts';
import { SaidPieces } from '../../editor/rules/SaidPieces.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { listAt } from './change-steps.ts';
import classes from './edit.module.css';
import { nameStep } from './edit-places.ts';
import { FaultMark } from './FaultNotes.tsx';
import type { FaultIndex } from './fault-index.ts';
import { PanelLink } from './PanelLink.tsx';
import { type StepActions, useStepActions } from './step-actions.ts';
import { countOf } from './summaries.ts';
import { useCapUse } from './use-cap-use.ts';
import { useEdit } from './use-edit.ts';
import { useNames } from './use-names.ts';
import { type StepNames, useStepNames } from './use-step-names.ts';
import { describeTraffic, type FlowTraffic, type Traffic, useTraffic } from './use-traffic.ts';

/** What happens to a lead that was taken, from top to bottom, between what comes before the steps and what comes after. */
export function StepsPart({ faults }: { faults: FaultIndex }) {
  const { isReadOnly } = useEdit();
  const steps = useDraftValue(({ document }) => document.steps);
  const actions = useStepActions();
  const traffic = useTraffic();
  const names = useStepNames();
  const capUse = useCapUse();
  const within = useMemo(() => ({ counts: traffic.steps, names }), [traffic.steps, names]);
  return (
    <section aria-labelledby="steps" aria-busy={traffic.isReading}>
      <div className={classes['head']}>
        <Title order={2} id="steps">
          Steps
        </Title>
        {!isReadOnly && <AddStep actions={actions} />}
      </div>
      {traffic.fault !== null && (
        <FaultAlert title="The numbers of the last 24 hours could not be read">{traffic.fault}</FaultAlert>
      )}
      <Around word="Before the steps" shown="before" />
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
            said={step.type === 'distribution' ? '' : write(() => sayStep(step, names))}
            numbers={
              step.type === 'distribution'
                ? ''
                : JSON.stringify(describeTraffic(step.type, traffic.steps.get(step.id ?? '')) ?? null)
            }
            capUse={step.type === 'recipient' ? (capUse(step.caps)?.text ?? null) : null}
            within={step.type === 'distribution' ? within : null}
            actions={actions}
          />
        ))}
      </ol>
      {steps.length > 0 && <Around word="After the steps" shown="after" />}
    </section>
  );
}

/** What the other parts say of a lead, so that this page says what becomes of it. */
function Around({ word, shown }: { word: string; shown: 'before' | 'after' }) {
  const { flowId } = useEdit();
  const document = useDraftValue((snapshot) => snapshot.document);
  const names = useNames(flowId, document);
  return (
    // As wide as the numbers and kinds of the steps.
    <Box component="section" className={classes['frame'] ?? ''} px={8} py="sm" aria-label={word}>
      <Text size="sm" c="dimmed">
        {word}
      </Text>
      <FlowInWords names={names} shown={shown} />
    </Box>
  );
}

function AddStep({ actions }: { actions: StepActions }) {
  const { openPanel } = useEdit();
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Button
          variant="default"
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

/** What is said of the recipients of a distribution. */
interface Within {
  counts: FlowTraffic['steps'];
  names: StepNames;
}

interface StepRowProps {
  step: Step;
  index: number;
  isLast: boolean;
  faults: readonly Fault[];
  /** What it does and its numbers, as JSON: texts that are equal draw nothing again. Of a distribution they come from `within`. */
  said: string;
  numbers: string;
  /** Of its fullest cap; null: none counts. */
  capUse: string | null;
  within: Within | null;
  actions: StepActions;
}

/** One step; drawn again only when it, its place, its faults or its numbers change. */
const StepRow = memo(function StepRow(given: StepRowProps) {
  const { step, index, isLast, faults, said, numbers, capUse, within, actions } = given;
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
        <Does said={within === null ? said : write(() => sayStep(step, within.names))} />
        {capUse !== null && <span className={classes['sub']}>Cap: {capUse}</span>}
        {step.description && nameStep(step) !== step.description && (
          <span className={classes['sub']}>{step.description}</span>
        )}
        {step.type === 'distribution' && within !== null && <Candidates {...{ step, index, within }} />}
      </div>
      <InNumbers traffic={readNumbers(numbers)} />
      {!isReadOnly && <RowActions {...{ step, index, isLast, actions }} />}
    </li>
  );
});

/** As JSON; empty: a draft may have a step that cannot be said. */
function write(say: () => SaidStep): string {
  try {
    return JSON.stringify(sayAlone(say()));
  } catch {
    return '';
  }
}

function readNumbers(numbers: string): Traffic | undefined {
  return numbers === '' ? undefined : ((JSON.parse(numbers) as Traffic | null) ?? undefined); // as it was written
}

/** A step in one sentence. */
function Does({ said }: { said: string }) {
  if (said === '')
    return <span className={classes['sub']}>What it does cannot be put into words. Its faults say why.</span>;
  return (
    <Text size="sm" maw="75ch" className={classes['long'] ?? ''}>
      <SaidPieces said={JSON.parse(said) as Said[]} />
    </Text>
  );
}

function Candidates({ step, index, within }: { step: DistributionStep; index: number; within: Within }) {
  const { counts, names } = within;
  const recipients = step.recipients ?? [];
  if (recipients.length === 0) return null;
  return (
    <ul className={classes['candidates']}>
      {recipients.map((candidate, place) => (
        <li key={candidate.id ?? place}>
          <div>
            <PanelLink panel={`steps.${index}.recipients.${place}`} className={classes['rowName']}>
              <bdi>{nameOfCandidate(candidate, place)}</bdi>
            </PanelLink>
            <Does said={write(() => sayDelivery(candidate, names))} />
          </div>
          <InNumbers traffic={describeTraffic('recipient', counts.get(candidate.id ?? ''))} />
        </li>
      ))}
    </ul>
  );
}

/** Of 24 hours, as the flow ran; nothing for a step that has not run yet. */
function InNumbers({ traffic }: { traffic: Traffic | undefined }) {
  if (traffic === undefined) return <span className={classes['traffic']} />;
  const { count, parts, p50 } = traffic;
  return (
    <span className={classes['traffic']}>
      {countOf(count, 'lead')} in 24 h
      {[...parts, ...(p50 === null ? [] : [`half within ${p50.toLocaleString('en-US')} ms`])].map((part) => (
        <span key={part} className={classes['sub']}>
          {part}
        </span>
      ))}
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
