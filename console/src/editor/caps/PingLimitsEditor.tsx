import { Button, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { PingLimit } from '../../../../src/model/cap.ts';
import { pingLimitQuery, pingLimitsOfFlowQuery } from '../../api/caps.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { Sentence as SaidByServer } from '../../parts/Sentence.tsx';
import type { PartProps } from '../part-props.ts';
import { Faults } from '../sentence/Faults.tsx';
import { faultsAt, faultsElsewhere } from '../sentence/faults.ts';
import { ownerKindOf } from '../sentence/owner-of.ts';
import { EntryButton, EntryButtons } from '../sentence/PartActions.tsx';
import { COUNT_MAX } from '../sentence/parse-amount.ts';
import { Fields, TextField, WholeField, ZoneField } from '../sentence/Sentence.tsx';
import styles from '../sentence/sentence.module.css';
import { useListFocus } from '../sentence/use-list-focus.ts';
import { withMember, withProperty } from '../sentence/with-property.ts';
import { Use, WindowMaximum } from './CapUse.tsx';
import use from './caps.module.css';
import { describeWindowStart } from './describe-cap.ts';
import { makePingLimit, randomBytes } from './new-cap.ts';
import { TimeSpan } from './TimeSpan.tsx';

const FIELDS = ['name', 'maximum', 'duration', 'duration_units', 'time_zone'];

/** How many pings are accepted in a window. */
export function PingLimitsEditor(props: PartProps<PingLimit[]>) {
  const { value, change, path, faults, names, isReadOnly } = props;
  const limits = value ?? [];
  const isOfSource = ownerKindOf(path) === 'source';
  const focus = useListFocus<HTMLUListElement>();
  const put = (next: PingLimit[], what: string) => change(next.length === 0 ? undefined : next, what);
  return (
    <Stack gap="md">
      <Text c="dimmed">
        Only accepted pings count. One more is a failure, “Ping limit reached”.{' '}
        {isOfSource && 'The limits of the flow are asked first.'}
      </Text>
      {names.document.ping_enabled !== true && (
        <Text>
          The flow answers no pings, so limits have no effect until its pings are switched on in its settings.
        </Text>
      )}
      <Faults faults={faultsAt(faults, path)} />
      {limits.length === 0 && <Text>No limit: as many pings are accepted as come.</Text>}
      <ul className={styles['entries']} ref={focus.list}>
        {limits.map((limit, index) => (
          <li key={limit.id ?? index}>
            <LimitEntry
              {...{ limit, faults, names, isReadOnly, path: `${path}.${index}` }}
              name={limit.name || `Limit ${index + 1}`}
              replace={(next, what) => {
                put(withMember(limits, index, next), what);
                if (next === undefined) focus.toAdd();
              }}
            />
          </li>
        ))}
      </ul>
      {!isReadOnly && (
        <div>
          <Button
            ref={focus.add}
            variant="default"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => {
              put([...limits, makePingLimit(randomBytes)], 'Added a ping limit');
              focus.toEntry(limits.length);
            }}
          >
            Add ping limit
          </Button>
        </div>
      )}
    </Stack>
  );
}

interface LimitEntryProps extends Pick<PartProps<PingLimit[]>, 'faults' | 'names' | 'isReadOnly' | 'path'> {
  limit: PingLimit;
  name: string;
  replace(next: PingLimit | undefined, what: string): void;
}

function LimitEntry({ limit, name, faults, names, isReadOnly, path, replace }: LimitEntryProps) {
  const at = (property: string) => faultsAt(faults, `${path}.${property}`);
  const set = <Name extends keyof PingLimit>(property: Name, value: PingLimit[Name] | undefined, what: string) =>
    replace(withProperty(limit, property, value), what);
  return (
    <Stack gap={8} role="group" aria-label={name}>
      <div className={styles['head']}>
        <TextField
          caption="Name"
          label={`Name of ${name}`}
          value={limit.name}
          placeholder={name}
          charactersMax={200}
          isReadOnly={isReadOnly}
          faults={at('name')}
          change={(next) => set('name', next, `Named a ping limit ${next ?? name}`)}
        />
        {!isReadOnly && (
          <EntryButtons>
            <EntryButton
              word="Remove"
              name={name}
              onClick={() => replace(undefined, `Removed the ping limit ${name}`)}
            />
          </EntryButtons>
        )}
      </div>
      <Fields>
        <WholeField
          caption="At most"
          label={`At most, of ${name}`}
          value={limit.maximum}
          max={COUNT_MAX}
          isReadOnly={isReadOnly}
          faults={at('maximum')}
          change={(next) => set('maximum', next, `Set the ping limit ${name} to ${next.toLocaleString('en-US')}`)}
        />
        <TimeSpan
          {...{ name, isReadOnly, duration: limit.duration, units: limit.duration_units }}
          faults={{ duration: at('duration'), units: at('duration_units') }}
          change={(duration, duration_units) =>
            replace({ ...limit, duration, duration_units }, `Changed the window of ${name}`)
          }
        />
        <ZoneField
          caption="Time zone"
          label={`Time zone of ${name}`}
          value={limit.time_zone}
          accountZone={names.timeZone}
          isReadOnly={isReadOnly}
          faults={at('time_zone')}
          change={(zone) => set('time_zone', zone, `Changed the zone of ${name}`)}
        />
      </Fields>
      <p className={styles['note']}>{describeWindowStart(limit, limit.time_zone ?? names.timeZone)}</p>
      <LimitUse id={limit.id ?? ''} name={name} flowId={names.flowId} />
      <Faults faults={faultsElsewhere(faults, path, FIELDS)} />
    </Stack>
  );
}

function LimitUse({ id, name, flowId }: { id: string; name: string; flowId: string }) {
  const { data: counters, error } = useQuery(pingLimitsOfFlowQuery(flowId));
  const listed = counters?.get(id);
  const needsOne = counters !== undefined && listed === undefined && id !== '';
  const { data: single } = useQuery({ ...pingLimitQuery(id), enabled: needsOne });
  const counter = listed ?? single;
  if (error)
    return (
      <p className={use['use']}>
        What is used could not be read: <SaidByServer text={describeError(error).text} />
      </p>
    );
  if (counters === undefined || (needsOne && single === undefined))
    return <p className={use['use']}>Reading what is used…</p>;
  if (counter === null || counter === undefined)
    return <p className={use['use']}>Not published yet: it counts from 0 once it is.</p>;
  return (
    <div>
      <Use counter={counter} name={name}>
        <WindowMaximum kind="ping-limit" counter={counter} name={name} isMoney={false} />
      </Use>
    </div>
  );
}
