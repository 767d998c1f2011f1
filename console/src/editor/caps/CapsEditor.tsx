import { Button, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { Cap, CapDurationUnit, CapType } from '../../../../src/model/cap.ts';
import type { PartProps } from '../part-props.ts';
import { Faults } from '../sentence/Faults.tsx';
import { faultsAt, faultsElsewhere } from '../sentence/faults.ts';
import { More } from '../sentence/More.tsx';
import { type OwnerKind, ownerKindOf } from '../sentence/owner-of.ts';
import { EntryButton, EntryButtons } from '../sentence/PartActions.tsx';
import { CAP_DOLLARS_MAX, COUNT_MAX } from '../sentence/parse-amount.ts';
import { RulesPart } from '../sentence/RulesPart.tsx';
import { ChoiceField, DollarsField, Fields, TextField, WholeField, ZoneField } from '../sentence/Sentence.tsx';
import styles from '../sentence/sentence.module.css';
import { TemplateField } from '../sentence/TemplateField.tsx';
import { useListFocus } from '../sentence/use-list-focus.ts';
import { withMember, withProperty } from '../sentence/with-property.ts';
import { CapUse } from './CapUse.tsx';
import { describeCap, describeWindowStart } from './describe-cap.ts';
import { copyCap, makeCap, randomBytes } from './new-cap.ts';
import { TimeSpan } from './TimeSpan.tsx';

/** Caps that are shown at once; a button shows more. */
const SHOWN_STEP = 20;
/** Caps inside caps that are shown; deeper ones stay in the document. */
const DEPTH_MAX = 4;

/** How many leads are taken or delivered in a window, or for how much money. */
export function CapsEditor(props: PartProps<Cap[]>) {
  return <CapList {...props} depth={0} />;
}

function CapList({ depth, ...props }: PartProps<Cap[]> & { depth: number }) {
  const { value, change, path, faults, isReadOnly } = props;
  const [shown, setShown] = useState(SHOWN_STEP);
  const caps = value ?? [];
  const owner = ownerKindOf(path);
  const put = (next: Cap[], what: string) => change(next.length === 0 ? undefined : next, what);
  const names = caps.map((cap, index) => nameOfCap(cap, index));
  const focus = useListFocus<HTMLUListElement>();
  return (
    <Stack gap="md">
      {depth === 0 && INTRODUCTIONS[owner] !== null && <Text c="dimmed">{INTRODUCTIONS[owner]}</Text>}
      <Faults faults={faultsAt(faults, path)} />
      {caps.length === 0 && depth === 0 && <Text>{NONE[owner]}</Text>}
      <ul className={styles['entries']} ref={focus.list}>
        {caps.slice(0, shown).map((cap, index) => (
          <li key={cap.id ?? index}>
            <CapEntry
              {...props}
              {...{ cap, depth, owner, name: names[index] ?? '', path: `${path}.${index}` }}
              replace={(next, what) => {
                put(withMember(caps, index, next), what);
                if (next === undefined) focus.toAdd();
              }}
              duplicate={() => {
                put(
                  [...caps.slice(0, index + 1), copyCap(cap, randomBytes), ...caps.slice(index + 1)],
                  `Duplicated the cap ${names[index]}`,
                );
                focus.toEntry(index + 1);
              }}
            />
          </li>
        ))}
      </ul>
      {caps.length > shown && (
        <Button variant="default" onClick={() => setShown(shown + SHOWN_STEP)}>
          Show {Math.min(SHOWN_STEP, caps.length - shown)} more of {caps.length} caps
        </Button>
      )}
      {!isReadOnly && (
        <div>
          <Button
            ref={focus.add}
            variant="default"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => {
              setShown(Math.max(shown, caps.length + 1));
              put([...caps, makeCap(randomBytes)], 'Added a cap');
              focus.toEntry(caps.length);
            }}
          >
            {depth === 0 ? 'Add cap' : 'Add cap inside'}
          </Button>
        </div>
      )}
    </Stack>
  );
}

/** null: the page of the flow says it. */
const INTRODUCTIONS: Readonly<Record<OwnerKind, string | null>> = {
  flow: null,
  source:
    'A lead of this source takes a place in every cap whose rules match, here and of the flow. When one is full, the lead is a failure.',
  step: 'A delivery takes a place in every cap whose rules match. When one is full, the lead is not delivered here and goes on.',
};
const NONE: Readonly<Record<OwnerKind, string>> = {
  flow: 'No cap: the flow takes as many leads as come.',
  source: 'No cap: the source may send as many leads as the flow takes.',
  step: 'No cap: as many leads are delivered as come here.',
};

export function nameOfCap({ name }: Pick<Cap, 'name'>, index: number): string {
  return name === undefined || name === '' ? `Cap ${index + 1}` : name;
}

interface CapEntryProps extends PartProps<Cap[]> {
  cap: Cap;
  name: string;
  owner: OwnerKind;
  depth: number;
  replace(next: Cap | undefined, what: string): void;
  duplicate(): void;
}

/** Of these places faults are shown beside their fields. */
const FIELDS = ['name', 'maximum', 'type', 'duration', 'duration_units', 'time_zone', 'reason', 'rule_set', 'caps'];

function CapEntry(props: CapEntryProps) {
  const { cap, name, owner, depth, path, faults, names, isReadOnly, replace, duplicate } = props;
  const at = (property: string) => faultsAt(faults, `${path}.${property}`);
  const set = <Name extends keyof Cap>(property: Name, value: Cap[Name] | undefined, what: string) =>
    replace(withProperty(cap, property, value), what);
  const isMoney = cap.type === 'revenue';
  const maximum = {
    ...{ caption: 'At most', label: `At most, of ${name}`, isReadOnly, faults: at('maximum'), value: cap.maximum },
    change: (next: number) => set('maximum', next, `Set the cap ${name} to ${next.toLocaleString('en-US')}`),
  };
  return (
    <Stack gap={8} role="group" aria-label={name}>
      <div className={styles['head']}>
        <TextField
          caption="Name"
          label={`Name of ${name}`}
          value={cap.name}
          placeholder={name}
          charactersMax={200}
          isReadOnly={isReadOnly}
          faults={at('name')}
          change={(next) => set('name', next, `Named a cap ${next ?? name}`)}
        />
        {!isReadOnly && (
          <EntryButtons>
            <EntryButton word="Duplicate" name={name} onClick={duplicate} />
            <EntryButton word="Remove" name={name} onClick={() => replace(undefined, `Removed the cap ${name}`)} />
          </EntryButtons>
        )}
      </div>
      <Fields>
        {isMoney ? <DollarsField {...maximum} max={CAP_DOLLARS_MAX} /> : <WholeField {...maximum} max={COUNT_MAX} />}
        <ChoiceField
          caption="Of what"
          label={`Of what ${name} is`}
          value={cap.type}
          choices={COUNTED[owner]}
          isReadOnly={isReadOnly}
          faults={at('type')}
          change={(type) => set('type', type, `${name} counts ${type === 'revenue' ? 'dollars' : 'leads'}`)}
        />
        <TimeSpan
          {...{ name, isReadOnly, duration: cap.duration, units: cap.duration_units }}
          faults={{ duration: at('duration'), units: at('duration_units') }}
          change={(duration: number, duration_units: CapDurationUnit) =>
            replace({ ...cap, duration, duration_units }, `Changed the window of ${name}`)
          }
        />
        <ZoneField
          caption="Time zone"
          label={`Time zone of ${name}`}
          value={cap.time_zone}
          accountZone={names.timeZone}
          isReadOnly={isReadOnly}
          faults={at('time_zone')}
          change={(zone) => set('time_zone', zone, `Changed the zone of ${name}`)}
        />
      </Fields>
      <p className={styles['note']}>{describeWindowStart(cap, cap.time_zone ?? names.timeZone)}</p>
      <CapUse {...{ cap, name, flowId: names.flowId, accountZone: names.timeZone }} />
      <RulesPart
        {...{ faults, names, isReadOnly, value: cap.rule_set, path: `${path}.rule_set` }}
        name={name}
        change={(next, what) => set('rule_set', next, what)}
      />
      <More word="Reason and caps inside" name={name} isOpen={Boolean(cap.reason) || (cap.caps?.length ?? 0) > 0}>
        <Stack gap="md">
          <TemplateField
            {...{ names, isReadOnly, path: `${path}.reason`, faults: at('reason') }}
            caption={`Reason of ${owner === 'step' ? 'a delivery that is skipped' : 'a lead that is refused'} when it is full`}
            label={`Reason of ${name}`}
            value={cap.reason}
            placeholder="Cap reached"
            change={(next) => set('reason', next, `Changed the reason of ${name}`)}
          />
          <div className={styles['nested']}>
            <p className={`${styles['note']} ${styles['before']}`}>
              Caps inside are looked at only for what counts in {describeCap(cap, names)}.
            </p>
            {depth + 1 < DEPTH_MAX ? (
              <CapList
                {...{ faults, names, isReadOnly, depth: depth + 1, path: `${path}.caps` }}
                value={cap.caps ?? undefined}
                change={(next, what) => set('caps', next, what)}
              />
            ) : (
              <p className={styles['note']}>Deeper caps stay as they are; change them in the JSON of the flow.</p>
            )}
          </div>
        </Stack>
      </More>
      <Faults faults={faultsElsewhere(faults, path, FIELDS)} />
    </Stack>
  );
}

const COUNTED: Readonly<Record<OwnerKind, readonly { value: CapType; label: string }[]>> = {
  flow: [
    { value: 'volume', label: 'leads' },
    { value: 'revenue', label: 'of cost' },
  ],
  source: [
    { value: 'volume', label: 'leads' },
    { value: 'revenue', label: 'of cost' },
  ],
  step: [
    { value: 'volume', label: 'leads' },
    { value: 'revenue', label: 'of revenue' },
  ],
};
