import { Checkbox, Group, Stack, Switch, Title } from '@mantine/core';
import {
  LIST_CHECK_NAMES,
  type ListCheck,
  type ListCheckName,
  type ListChecks,
  type ListValue,
} from '../../../../src/model/flow.ts';
import type { EditorNames, PartProps } from '../part-props.ts';
import { Faults } from '../sentence/Faults.tsx';
import { faultsAt, faultsElsewhere, faultsIn } from '../sentence/faults.ts';
import { LengthField } from '../sentence/LengthField.tsx';
import { EntryButton, EntryButtons } from '../sentence/PartActions.tsx';
import { ChoiceField, Fields } from '../sentence/Sentence.tsx';
import sentence from '../sentence/sentence.module.css';
import { withMember, withProperty } from '../sentence/with-property.ts';
import { CHECKS, isCheckRead } from './describe-list-checks.ts';
import { NameField } from './NameField.tsx';
import { listFieldTemplates, ValueField } from './ValueField.tsx';

/** As `LIST_CHECK_VALUES_MAX` of the server. */
const VALUES_MAX = 10;

/** The switches begin at one edge, close to what they switch. */
const TITLE_WIDTH = 176;

/** Values that are looked up in lists before rules are asked. */
export function ListChecksEditor(props: PartProps<ListChecks>) {
  const { value, change, path, faults, names, isReadOnly } = props;
  const put = (name: ListCheckName, next: ListCheck | undefined, what: string) => {
    const checks = withProperty(value ?? {}, name, next);
    change(Object.keys(checks).length === 0 ? undefined : checks, what);
  };
  return (
    <Stack gap="lg">
      <Faults faults={faultsElsewhere(faults, path, [...LIST_CHECK_NAMES])} />
      {LIST_CHECK_NAMES.map((name) => (
        <CheckEntry
          key={name}
          {...{ name, faults, names, isReadOnly, path: `${path}.${name}`, check: value?.[name] ?? undefined }}
          change={(next, what) => put(name, next, what)}
        />
      ))}
    </Stack>
  );
}

interface CheckEntryProps extends Pick<PartProps<ListCheck>, 'change' | 'path' | 'faults' | 'names' | 'isReadOnly'> {
  name: ListCheckName;
  check: ListCheck | undefined;
}

const SHOWN = ['value', 'values', 'list_name', 'lookback', 'add'];

function CheckEntry({ name, check, change, path, faults, names, isReadOnly }: CheckEntryProps) {
  const { title, word, variable } = CHECKS[name];
  const set = <Name extends keyof ListCheck>(property: Name, next: ListCheck[Name] | undefined, what: string) =>
    change(withProperty(check ?? {}, property, next), what);
  return (
    <Stack gap={8} component="section" aria-label={title}>
      <Group gap="md">
        <Title order={3} w={TITLE_WIDTH}>
          {title}
        </Title>
        <Switch
          label={check === undefined ? 'Not checked' : 'Checked'}
          aria-label={`Check ${word}`}
          checked={check !== undefined}
          disabled={isReadOnly}
          onChange={({ currentTarget: { checked } }) =>
            change(checked ? makeCheck(name, names) : undefined, `${checked ? 'Checks' : 'Does not check'} ${word}`)
          }
        />
      </Group>
      {check === undefined ? (
        <Faults faults={faultsIn(faults, path)} />
      ) : (
        <>
          <Values {...{ check, change, path, faults, names, isReadOnly }} title={title} />
          <Fields>
            <NameField
              caption="List"
              label={`List of ${word}`}
              value={check.list_name}
              options={names.lists.map((list) => list.name)}
              isReadOnly={isReadOnly}
              faults={faultsIn(faults, `${path}.list_name`)}
              change={(next) => set('list_name', next, `Changed the list of ${word}`)}
            />
          </Fields>
          {check.list_name && !names.lists.some((list) => list.name === check.list_name) && (
            <p className={sentence['note']}>No list has this name now; it is made when the flow is published.</p>
          )}
          <Lookback
            {...{ check, path, faults, isReadOnly, word }}
            change={(next) => set('lookback', next, `Changed how far back ${word} count`)}
          />
          {name === 'duplicate' && (
            <Checkbox
              label="Enter the values in the list when the lead succeeds"
              checked={check.add !== false}
              disabled={isReadOnly}
              onChange={({ currentTarget: { checked } }) =>
                set('add', checked ? undefined : false, checked ? 'Values are entered' : 'Values are only looked for')
              }
            />
          )}
          <Faults faults={[...faultsAt(faults, `${path}.add`), ...faultsElsewhere(faults, path, SHOWN)]} />
          {!isCheckRead(names.document, name) && (
            <Faults
              faults={[
                {
                  ...{ path: `${path}.unread`, level: 'warning' },
                  message: `No rule of the flow reads ${variable}, so the check turns nobody away. Add a filter or a rule of the criteria with it.`,
                },
              ]}
            />
          )}
        </>
      )}
    </Stack>
  );
}

/** By phone, or else by e-mail, where the flow has the field. */
function makeCheck(name: ListCheckName, { document }: EditorNames): ListCheck {
  const field = ['phone_1', 'email'].find((id) => document.fields?.includes(id)) ?? document.fields?.[0] ?? 'email';
  const base = { value: `{{lead.${field}}}`, list_name: name === 'duplicate' ? 'duplicates' : name };
  return name === 'duplicate' ? { ...base, lookback: { value: 30, interval: 'day' } } : base;
}

type Value = string | ListValue;

function Values(props: Omit<CheckEntryProps, 'name' | 'check'> & { check: ListCheck; title: string }) {
  const { check, change, path, faults, names, isReadOnly, title } = props;
  const isSingle = typeof check.value === 'string';
  const values: Value[] = isSingle ? [check.value ?? ''] : (check.values ?? []);
  // One value without a list of its own is written as `value`, as it was; several as `values`.
  const put = (next: Value[], what: string) => {
    const { value: _value, values: _values, ...others } = check;
    const [first] = next;
    change(
      isSingle && next.length === 1 && typeof first === 'string'
        ? { ...check, value: first }
        : { ...others, values: next },
      what,
    );
  };
  const choices = listFieldTemplates(names);
  return (
    <Stack gap={8}>
      {values.map((each, index) => {
        const template = typeof each === 'string' ? each : each.value;
        const place = isSingle ? `${path}.value` : `${path}.values.${index}`;
        const label = `Value ${index + 1} of ${title}`;
        const replace = (next: Value | undefined, what: string) => put(withMember(values, index, next), what);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: values have no ids, and their fields follow them
          <Fields key={index}>
            <ValueField
              caption={values.length === 1 ? 'Value' : `Value ${index + 1}`}
              {...{ label, names, isReadOnly, value: template, path: place }}
              faults={typeof each === 'string' ? faultsIn(faults, place) : faultsIn(faults, `${place}.value`)}
              change={(next) => replace(typeof each === 'string' ? next : { ...each, value: next }, `Changed ${label}`)}
            />
            {typeof each !== 'string' && (
              <NameField
                caption="List of its own"
                label={`List of its own, of ${label}`}
                value={each.list_name}
                options={names.lists.map((list) => list.name)}
                isReadOnly={isReadOnly}
                faults={faultsIn(faults, `${place}.list_name`)}
                change={(next) => replace(withProperty(each, 'list_name', next), `Changed the list of ${label}`)}
              />
            )}
            {!isReadOnly && values.length > 1 && (
              <EntryButtons>
                {typeof each === 'string' && (
                  <EntryButton
                    word="In a list of its own"
                    name={label}
                    onClick={() =>
                      replace({ value: each, list_name: check.list_name ?? '' }, `${label} has a list of its own`)
                    }
                  />
                )}
                <EntryButton word="Remove" name={label} onClick={() => replace(undefined, `Removed ${label}`)} />
              </EntryButtons>
            )}
          </Fields>
        );
      })}
      <Faults faults={faultsAt(faults, `${path}.values`)} />
      {!isReadOnly && values.length < VALUES_MAX && (
        <div>
          <EntryButton
            word="Add another value"
            name={title}
            onClick={() => put([...values, nextValue(values, choices)], `Added a value to ${title}`)}
          />
        </div>
      )}
    </Stack>
  );
}

/** A field that is not looked for yet. */
function nextValue(values: readonly Value[], choices: readonly { value: string }[]): string {
  const taken = values.map((each) => (typeof each === 'string' ? each : each.value));
  const contact = choices.filter(({ value }) => /phone|email/.test(value));
  return [...contact, ...choices].find(({ value }) => !taken.includes(value))?.value ?? '{{lead.email}}';
}

function Lookback(props: {
  check: ListCheck;
  path: string;
  faults: CheckEntryProps['faults'];
  isReadOnly: boolean;
  word: string;
  change(next: ListCheck['lookback'] | undefined): void;
}) {
  const { check, path, faults, isReadOnly, word, change } = props;
  const { lookback } = check;
  return (
    <Fields>
      <ChoiceField
        caption="An entry counts"
        label={`An entry counts, of ${word}`}
        value={lookback ? 'span' : 'ever'}
        choices={[
          { value: 'ever', label: 'for ever' },
          { value: 'span', label: 'for the last' },
        ]}
        isReadOnly={isReadOnly}
        change={(next) => change(next === 'ever' ? undefined : { value: 30, interval: 'day' })}
      />
      {lookback && (
        <LengthField
          caption="How far back"
          label={`How far back ${word} count`}
          {...{ value: lookback, isReadOnly, faults, path: `${path}.lookback` }}
          change={change}
        />
      )}
    </Fields>
  );
}
