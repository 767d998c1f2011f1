import { Checkbox, Group, NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { GivenBatch } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { type Batch, batchesQuery, type Credential, credentialsQuery } from '../../api/library.ts';
import { FormPanel } from '../../parts/FormPanel.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { useChange } from '../../parts/use-change.ts';
import { DAYS, readColumns, TARGETS, type TargetType, writeColumns } from './batch-words.ts';

const NAME_CHARACTERS_MAX = 100;
const INSIDE = { withinPortal: false } as const;

/** Which credential each target takes. */
const CREDENTIALS: Readonly<Record<TargetType, Credential['type']>> = {
  email: 'smtp',
  sftp: 'sftp',
  s3: 'aws',
  azure: 'azure',
};

interface BatchFormProps {
  /** null: one is made. */
  before: Batch | null;
  close(): void;
  done(batch: Batch): void;
}

/** What a form holds; texts as they are typed. */
interface Values {
  name: string;
  isOn: boolean;
  columns: string;
  format: Batch['format'];
  scheduleType: 'times' | 'interval' | 'manual';
  times: string;
  minutes: number | string;
  days: string[];
  targetType: TargetType;
  credentialId: string | null;
  from: string;
  to: string;
  subject: string;
  path: string;
  place: string;
  prefix: string;
}

function valuesOf(before: Batch | null): Values {
  const { target, schedule } = before ?? {};
  return {
    name: before?.name ?? '',
    isOn: before?.enabled ?? true,
    columns: before === null ? '' : writeColumns(before.columns),
    format: before?.format ?? 'csv',
    scheduleType: (schedule?.type ?? 'times') as Values['scheduleType'],
    times: (schedule?.times ?? ['18:00']).join(', '),
    minutes: schedule?.minutes ?? 60,
    days: schedule?.days ?? [],
    targetType: (target?.type ?? 'email') as TargetType,
    credentialId: target?.credential_id ?? null,
    from: target?.from ?? '',
    to: (target?.to ?? []).join(', '),
    subject: target?.subject ?? '',
    path: target?.path ?? '',
    place: target?.bucket ?? target?.container ?? '',
    prefix: target?.prefix ?? '',
  };
}

const split = (text: string) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

/** As the API takes it; what the form does not show stays as it is. */
function writeBatch(values: Values, before: Batch | null): GivenBatch {
  const days = DAYS.filter((day) => values.days.includes(day));
  const schedule: NonNullable<GivenBatch['schedule']> =
    values.scheduleType === 'manual'
      ? { type: 'manual' }
      : {
          type: values.scheduleType,
          ...(values.scheduleType === 'times' ? { times: split(values.times) } : { minutes: Number(values.minutes) }),
          days: days.length === 0 ? null : days,
          time_zone: before?.schedule.time_zone ?? null,
        };
  return {
    ...keepOthers(before),
    ...{ name: values.name, enabled: values.isOn, columns: readColumns(values.columns), format: values.format },
    schedule,
    target: writeTarget(values, before),
  };
}

function writeTarget(values: Values, before: Batch | null): GivenBatch['target'] {
  const { targetType: type, credentialId, from, to, subject, path, place, prefix } = values;
  const named = { type, credential_id: credentialId ?? '' };
  const text = before?.target.text;
  if (type === 'email')
    return {
      ...{ ...named, from, to: split(to) },
      ...(subject !== '' && { subject }),
      ...(text !== undefined && { text }),
    };
  if (type === 'sftp') return { ...named, ...(path !== '' && { path }) };
  const begins = prefix === '' ? {} : { prefix };
  return type === 's3' ? { ...named, bucket: place, ...begins } : { ...named, container: place, ...begins };
}

function keepOthers(before: Batch | null) {
  if (before === null) return {};
  const { encoding, header, escape_formulas, zip, file_name, rows_max, bytes_max, send_empty, keep_days } = before;
  return { encoding, header, escape_formulas, zip, file_name, rows_max, bytes_max, send_empty, keep_days };
}

/** What is collected, when it goes, and where to. */
export function BatchForm({ before, close, done }: BatchFormProps) {
  const [values, setValues] = useState(() => valuesOf(before));
  const save = useChange({
    run: () => {
      const given = writeBatch(values, before);
      return before === null ? api.createBatch(given) : api.replaceBatch(before.id, given);
    },
    keys: [batchesQuery.queryKey],
    said: before === null ? 'The batch was created' : 'The batch was changed',
    done,
  });
  const faults = findFieldErrors(save.error);
  const set = (changes: Partial<Values>) => setValues({ ...values, ...changes });
  return (
    <FormPanel
      title={before === null ? 'Create a batch' : 'Change the batch'}
      verb={before === null ? 'Create batch' : 'Save'}
      change={save}
      close={close}
    >
      <TextInput
        label="Name"
        value={values.name}
        error={faults['name']}
        onChange={({ currentTarget: { value } }) => set({ name: value })}
        maxLength={NAME_CHARACTERS_MAX}
        required
        data-autofocus
      />
      <Textarea
        label="Columns"
        description="One a line: a name that steps map as row.name, and if you like its header, as in email = E-mail."
        value={values.columns}
        error={faults['columns']}
        onChange={({ currentTarget: { value } }) => set({ columns: value })}
        autosize
        minRows={3}
        maxRows={12}
        required
      />
      <Select
        label="Format"
        data={[
          { value: 'csv', label: 'Commas between (CSV)' },
          { value: 'tsv', label: 'Tabs between' },
          { value: 'pipe', label: '| between' },
        ]}
        value={values.format}
        onChange={(value) => set({ format: (value ?? 'csv') as Batch['format'] })}
        allowDeselect={false}
        comboboxProps={INSIDE}
      />
      <ScheduleFields values={values} set={set} faults={faults} />
      <TargetFields values={values} set={set} faults={faults} />
      <Switch
        label="On"
        description="Off: it collects rows, and no schedule delivers them."
        checked={values.isOn}
        onChange={({ currentTarget: { checked } }) => set({ isOn: checked })}
      />
    </FormPanel>
  );
}

interface PartProps {
  values: Values;
  set(changes: Partial<Values>): void;
  faults: Readonly<Record<string, string>>;
}

function ScheduleFields({ values, set, faults }: PartProps) {
  const { scheduleType: type } = values;
  return (
    <>
      <Select
        label="When"
        data={[
          { value: 'times', label: 'At times of the day' },
          { value: 'interval', label: 'Every so many minutes' },
          { value: 'manual', label: 'When somebody asks' },
        ]}
        value={type}
        onChange={(value) => set({ scheduleType: (value ?? 'times') as Values['scheduleType'] })}
        allowDeselect={false}
        comboboxProps={INSIDE}
      />
      {type === 'times' && (
        <TextInput
          label="Times"
          description="With commas between, as in 09:00, 18:00; of the account’s time zone unless it was set otherwise."
          value={values.times}
          error={faults['schedule.times'] ?? faults['schedule.times.0']}
          onChange={({ currentTarget: { value } }) => set({ times: value })}
        />
      )}
      {type === 'interval' && (
        <NumberInput
          label="Minutes"
          value={values.minutes}
          error={faults['schedule.minutes']}
          onChange={(minutes) => set({ minutes })}
          min={1}
          hideControls
        />
      )}
      {type !== 'manual' && (
        <Checkbox.Group
          label="Days"
          description="None chosen: every day."
          value={values.days}
          onChange={(days) => set({ days })}
        >
          <Group gap="md" mt="xs">
            {DAYS.map((day) => (
              <Checkbox key={day} value={day} label={day.charAt(0).toUpperCase() + day.slice(1)} />
            ))}
          </Group>
        </Checkbox.Group>
      )}
    </>
  );
}

function TargetFields({ values, set, faults }: PartProps) {
  const { data: credentials = [] } = useQuery(credentialsQuery);
  const { targetType: type } = values;
  const fitting = credentials.filter((each) => each.type === CREDENTIALS[type]);
  const text = (name: 'from' | 'to' | 'subject' | 'path' | 'place' | 'prefix', label: string, more: object = {}) => (
    <TextInput
      label={label}
      value={values[name]}
      error={faults[`target.${name === 'place' ? (type === 's3' ? 'bucket' : 'container') : name}`]}
      onChange={({ currentTarget: { value } }) => set({ [name]: value })}
      maxLength={2_000}
      {...more}
    />
  );
  return (
    <>
      <Select
        label="To"
        data={Object.entries(TARGETS).map(([value, label]) => ({ value, label }))}
        value={type}
        onChange={(value) => set({ targetType: (value ?? 'email') as TargetType, credentialId: null })}
        allowDeselect={false}
        comboboxProps={INSIDE}
      />
      <Select
        label="Credential"
        description={
          fitting.length === 0 ? 'There is none for this target: add one among Credentials first.' : undefined
        }
        placeholder="Choose one"
        data={fitting.map(({ id, name }) => ({ value: id, label: name }))}
        value={values.credentialId}
        error={faults['target.credential_id']}
        onChange={(credentialId) => set({ credentialId })}
        required
        comboboxProps={INSIDE}
      />
      {type === 'email' && (
        <>
          {text('from', 'From', { type: 'email', required: true })}
          {text('to', 'Recipients', { description: 'Addresses with commas between.', required: true })}
          {text('subject', 'Subject', { description: '{batch}, {file} and {rows} are filled in.' })}
        </>
      )}
      {type === 'sftp' && text('path', 'Folder', { required: true })}
      {type === 's3' && text('place', 'Bucket', { required: true })}
      {type === 'azure' && text('place', 'Container', { required: true })}
      {(type === 's3' || type === 'azure') && text('prefix', 'Names of objects begin with')}
    </>
  );
}
