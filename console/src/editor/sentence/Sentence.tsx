import { NativeSelect, Select, TextInput } from '@mantine/core';
import { type ReactNode, useId, useMemo } from 'react';
import { listZones } from '../../parts/zones.ts';
import type { Fault } from '../part-props.ts';
import { Faults } from './Faults.tsx';
import { type Parsed, parseDollars, parseNumber, parseWhole, showDollars, showNumber } from './parse-amount.ts';
import styles from './sentence.module.css';
import { useTyped } from './use-typed.ts';

/** A sentence with one field among its words: "Until 18:00, take at most [50]". */
export function Sentence({ children }: { children: ReactNode }) {
  return <div className={styles['sentence']}>{children}</div>;
}

/** Fields of four columns, each under its caption: what a form has below each other begins at the same edges. */
export function Fields({ children }: { children: ReactNode }) {
  return <div className={styles['fields']}>{children}</div>;
}

interface FieldProps {
  /** Said by screen readers. */
  label: string;
  /** Above the field, among `Fields`; a part of the label. */
  caption?: string | undefined;
  isReadOnly: boolean;
  /** Of the server, at the place of the field. */
  faults?: readonly Fault[] | undefined;
}

/** A field with what is wrong below it; then it has a line of its own. */
function Field(props: {
  faults: readonly Fault[];
  grows?: boolean;
  children: (described: { 'aria-describedby'?: string; error: boolean }) => ReactNode;
}) {
  const { faults, grows = false, children } = props;
  const id = useId();
  const has = faults.length > 0;
  return (
    <div className={styles['field']} data-fault={has || undefined} data-grows={grows || undefined}>
      {children({ error: faults.some(({ level }) => level === 'error'), ...(has && { 'aria-describedby': id }) })}
      <Faults faults={faults} id={id} />
    </div>
  );
}

interface TypedFieldProps<Value> extends FieldProps {
  value: Value;
  change(value: Value): void;
  show(value: Value): string;
  parse(text: string): Parsed<Value>;
  /** In characters; as wide as there is room unless given. */
  width?: number | undefined;
  placeholder?: string | undefined;
  isNumber?: boolean;
  before?: string;
  /** It goes into the document after a pause. */
  waits?: boolean;
}

/** A field that is typed into; what cannot be read is said below it and does not go into the document. */
export function TypedField<Value>(props: TypedFieldProps<Value>) {
  const { label, caption, isReadOnly, faults = [], width, placeholder, isNumber = false, before } = props;
  const typed = useTyped(props);
  const own: Fault[] = typed.fault === null ? [] : [{ path: '', message: typed.fault, level: 'error' }];
  return (
    <Field faults={own.length > 0 ? own : faults} grows={width === undefined}>
      {(described) => (
        <TextInput
          {...described}
          label={caption}
          aria-label={label}
          {...(isNumber && { inputMode: 'decimal' as const, className: styles['number'] ?? '' })}
          {...(width !== undefined &&
            caption === undefined && { w: `calc(${width}ch + ${before === undefined ? 22 : 36}px)` })}
          {...(placeholder !== undefined && { placeholder })}
          {...(before !== undefined && { leftSection: before, leftSectionWidth: 24 })}
          {...(typed.isHeld && { 'data-own-undo': true })}
          value={typed.text}
          readOnly={isReadOnly}
          onChange={({ currentTarget: { value } }) => typed.type(value)}
          onBlur={typed.leave}
          onKeyDown={({ key }) => {
            if (key === 'Enter') typed.leave();
          }}
        />
      )}
    </Field>
  );
}

interface NumberFieldProps extends FieldProps {
  value: number | null | undefined;
  min?: number;
  max: number;
  width?: number;
  placeholder?: string;
}

/** What an empty field means: nothing to read, so the property is taken out. */
function orNothing(parse: (text: string) => Parsed<number>): (text: string) => Parsed<number | null> {
  return (text) => (text.trim() === '' ? { ok: true, value: null } : parse(text));
}

/** A whole number. */
export function WholeField(props: NumberFieldProps & { change(value: number): void }) {
  const { value, change, min = 0, max, width = 6, ...field } = props;
  return (
    <TypedField<number | null>
      {...{ ...field, width, isNumber: true, value: value ?? null, show: showNumber }}
      parse={(text) => parseWhole(text, { min, max })}
      change={(next) => next !== null && change(next)}
    />
  );
}

/** A number that may be left out: an empty field takes the property out. */
export function OptionalNumberField(
  props: NumberFieldProps & { change(value: number | undefined): void; isWhole?: boolean },
) {
  const { value, change, min = 0, max, width = 6, isWhole = false, ...field } = props;
  return (
    <TypedField<number | null>
      {...{ ...field, width, isNumber: true, value: value ?? null, show: showNumber }}
      parse={orNothing((text) => (isWhole ? parseWhole : parseNumber)(text, { min, max }))}
      change={(next) => change(next ?? undefined)}
    />
  );
}

/** Dollars, to four decimals. */
export function DollarsField(props: NumberFieldProps & { change(value: number): void }) {
  const { value, change, min = 0, max, width = 8, ...field } = props;
  return (
    <TypedField<number | null>
      {...{ ...field, width, isNumber: true, before: '$', value: value ?? null, show: showDollars }}
      parse={(text) => parseDollars(text, { min, max })}
      change={(next) => next !== null && change(next)}
    />
  );
}

/** Dollars that may be left out. */
export function OptionalDollarsField(props: NumberFieldProps & { change(value: number | undefined): void }) {
  const { value, change, min = 0, max, width = 8, ...field } = props;
  return (
    <TypedField<number | null>
      {...{ ...field, width, isNumber: true, before: '$', value: value ?? null, show: showDollars }}
      parse={orNothing((text) => parseDollars(text, { min, max }))}
      change={(next) => change(next ?? undefined)}
    />
  );
}

interface TextFieldProps extends FieldProps {
  value: string | null | undefined;
  change(value: string | undefined): void;
  placeholder?: string;
  /** In characters; as wide as there is room unless given. */
  width?: number;
  charactersMax?: number;
}

/** A text; an empty field takes the property out. */
export function TextField({ value, charactersMax = 1_000, change, ...field }: TextFieldProps) {
  return (
    <TypedField
      {...field}
      value={value ?? ''}
      show={(text) => text}
      parse={(text) =>
        text.length <= charactersMax
          ? { ok: true, value: text }
          : { ok: false, fault: `Write at most ${charactersMax} characters.` }
      }
      change={(text) => change(text === '' ? undefined : text)}
    />
  );
}

export interface Choice<Value extends string> {
  value: Value;
  label: string;
}

/** One of a few words. */
export function ChoiceField<Value extends string>(
  props: FieldProps & { value: Value; choices: readonly Choice<Value>[]; change(value: Value): void },
) {
  const { label, caption, isReadOnly, faults = [], value, choices, change } = props;
  // A word that the document has and the editor does not know stays chosen.
  const isKnown = choices.some((choice) => choice.value === value);
  const shown = isKnown ? choices : [...choices, { value, label: String(value) }];
  return (
    <Field faults={faults}>
      {(described) => (
        <NativeSelect
          {...described}
          label={caption}
          aria-label={label}
          data={shown.map((choice) => ({ ...choice }))}
          value={value}
          disabled={isReadOnly}
          onChange={({ currentTarget }) => change(currentTarget.value as Value)} // one of the choices
        />
      )}
    </Field>
  );
}

/** A time zone, or that of the account. */
export function ZoneField(
  props: FieldProps & {
    value: string | null | undefined;
    accountZone: string;
    change(value: string | undefined): void;
  },
) {
  const { label, caption, isReadOnly, faults = [], value, accountZone, change } = props;
  const chosen = value ?? '';
  const data = useMemo(
    () => [
      { value: '', label: `${accountZone} (the account’s)` },
      ...listZones(chosen === '' ? accountZone : chosen).map((zone) => ({ value: zone, label: zone })),
    ],
    [chosen, accountZone],
  );
  return (
    <Field faults={faults} grows>
      {(described) => (
        <Select
          {...described}
          label={caption}
          aria-label={label}
          data={data}
          value={chosen}
          onChange={(zone) => zone !== null && change(zone === '' ? undefined : zone)}
          searchable
          allowDeselect={false}
          limit={50}
          readOnly={isReadOnly}
          maw="46ch"
          nothingFoundMessage="No zone has this name"
        />
      )}
    </Field>
  );
}
