import { Button, Menu, Radio, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy, IconMinus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { HoursOfOperation, Weekday } from '../../../../src/model/flow.ts';
import { formatTime } from '../../parts/format-time.ts';
import type { PartProps } from '../part-props.ts';
import { Faults } from '../sentence/Faults.tsx';
import { faultsElsewhere, faultsIn } from '../sentence/faults.ts';
import { ownerKindOf } from '../sentence/owner-of.ts';
import { Fields, TypedField, ZoneField } from '../sentence/Sentence.tsx';
import sentence from '../sentence/sentence.module.css';
import { withProperty } from '../sentence/with-property.ts';
import { describeHours } from './describe-hours.ts';
import styles from './hours.module.css';
import {
  areHoursOn,
  isOpenAt,
  keepPeriods,
  MINUTES_PER_DAY,
  type Period,
  parsePeriods,
  readLocal,
  showPeriods,
  spansOf,
  WEEKDAYS,
} from './periods.ts';

const WORK_WEEK: readonly Weekday[] = WEEKDAYS.slice(0, 5);
const OFFICE: readonly Period[] = [{ start: '08:30', end: '17:00' }];
const CLOCK_MS = 30_000;

/** When leads are taken, or when a recipient of a distribution is offered them. */
export function HoursEditor(props: PartProps<HoursOfOperation>) {
  const { value, change, path, faults, names, isReadOnly } = props;
  const isOn = areHoursOn(value);
  const isOfStep = ownerKindOf(path) === 'step';
  const choose = (next: string) => {
    if (next === 'always') {
      // What was typed stays, so that it can be switched on again.
      return change(value === undefined ? undefined : { ...value, enabled: false }, 'Set the times to always');
    }
    if (value === undefined) {
      const days = Object.fromEntries(WORK_WEEK.map((day) => [day, [...OFFICE]]));
      return change({ days }, 'Set times of the week');
    }
    const { enabled: _off, ...others } = value;
    change(others, 'Set times of the week');
  };
  return (
    <Stack gap="md">
      <Radio.Group
        label={isOfStep ? 'When it is offered leads' : 'When leads are taken'}
        value={isOn ? 'hours' : 'always'}
        onChange={choose}
      >
        <Stack gap={8} mt={8}>
          <Radio value="always" label="Always" disabled={isReadOnly} />
          <Radio value="hours" label="At these times of the week" disabled={isReadOnly} />
        </Stack>
      </Radio.Group>
      <Text c="dimmed">{isOfStep ? OUTSIDE_OF_STEP : OUTSIDE}</Text>
      {value !== undefined && isOn && <Week {...props} value={value} />}
      {!isOn && value?.days !== undefined && (
        <Text size="sm">
          The times that were set are kept, switched off: {describeHours({ ...value, enabled: true }, names)}.
        </Text>
      )}
      <Faults faults={faultsElsewhere(faults, path, ['days', 'time_zone'])} />
    </Stack>
  );
}

const OUTSIDE =
  'A lead that comes outside of them is a failure with the reason “Submission Timestamp must be within hours of operation”.';
const OUTSIDE_OF_STEP = 'Outside of them it is passed over, and the lead is offered to the others.';

function Week(props: PartProps<HoursOfOperation> & { value: HoursOfOperation }) {
  const { value, change, path, faults, names, isReadOnly } = props;
  const zone = value.time_zone ?? names.timeZone;
  const now = useNow();
  const days = value.days ?? {};
  const today = readLocal(now, zone);
  const put = (next: Partial<Record<Weekday, Period[]>>, what: string) =>
    change({ ...value, days: { ...days, ...next } }, what);
  const copy = (from: Weekday, to: readonly Weekday[]) =>
    put(
      Object.fromEntries(to.filter((day) => day !== from).map((day) => [day, structuredClone(days[from] ?? [])])),
      `Copied the hours of ${nameOf(from)}`,
    );
  const isOpen = isOpenAt(value, now, names.timeZone);
  const Icon = isOpen ? IconCheck : IconMinus;
  return (
    <Stack gap="sm">
      <Fields>
        <ZoneField
          caption="Time zone"
          label="Time zone of the hours"
          value={value.time_zone}
          accountZone={names.timeZone}
          isReadOnly={isReadOnly}
          faults={faultsIn(faults, `${path}.time_zone`)}
          change={(next) => change(withProperty(value, 'time_zone', next), 'Changed the zone of the hours')}
        />
        <span className={styles['state']} data-open={isOpen || undefined}>
          <Icon size={16} aria-hidden />
          {isOpen ? 'Open now' : 'Closed now'} ({formatTime(now, { zone, now })})
        </span>
      </Fields>
      <Faults faults={faultsElsewhere(faults, `${path}.days`, [...WEEKDAYS])} />
      <p className={sentence['note']}>Write 8:30-17:00, several with commas, “all day” or “closed”.</p>
      <ul className={styles['days']}>
        {WEEKDAYS.map((day) => (
          <li key={day}>
            <span className={styles['name']} data-today={day === today.weekday || undefined}>
              {nameOf(day)}
            </span>
            <div className={styles['times']}>
              <TypedField<Period[]>
                label={`Hours of ${nameOf(day)}`}
                value={days[day] ?? []}
                show={showPeriods}
                parse={parsePeriods}
                waits
                isReadOnly={isReadOnly}
                faults={faultsIn(faults, `${path}.days.${day}`)}
                change={(next) => put({ [day]: keepPeriods(days[day], next) }, `Changed the hours of ${nameOf(day)}`)}
              />
              <DayBar periods={days[day]} minute={day === today.weekday ? today.minute : null} />
            </div>
            {!isReadOnly && <CopyMenu day={day} copy={(to) => copy(day, to)} />}
          </li>
        ))}
      </ul>
    </Stack>
  );
}

function nameOf(day: Weekday): string {
  return `${day.charAt(0).toUpperCase()}${day.slice(1)}`;
}

/** The same as the field beside it, as a picture. */
function DayBar({ periods, minute }: { periods: readonly Period[] | undefined; minute: number | null }) {
  return (
    <svg className={styles['day']} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden>
      <rect className={styles['closed']} width="100" height="6" />
      {spansOf(periods).map(({ from, to }) => (
        <rect key={from} className={styles['open']} x={from * 100} width={(to - from) * 100} height="6" />
      ))}
      {minute !== null && (
        <rect className={styles['now']} x={(minute / MINUTES_PER_DAY) * 100} width="0.6" height="6" />
      )}
    </svg>
  );
}

function CopyMenu({ day, copy }: { day: Weekday; copy(to: readonly Weekday[]): void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          size="compact-sm"
          mt={4}
          leftSection={<IconCopy size={14} aria-hidden />}
          aria-label={`Copy to…: ${nameOf(day)}`}
        >
          Copy to…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => copy(WORK_WEEK)}>Monday to Friday</Menu.Item>
        <Menu.Item onClick={() => copy(WEEKDAYS)}>Every day</Menu.Item>
        {WEEKDAYS.filter((each) => each !== day).map((each) => (
          <Menu.Item key={each} onClick={() => copy([each])}>
            {nameOf(each)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The time, again every half minute. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), CLOCK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
