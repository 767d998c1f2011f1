import { Button, Textarea } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { announce } from '../../parts/announce.ts';
import type { EditorNames } from '../part-props.ts';
import { nameVariable, variableOf } from './describe-rule-set.ts';
import styles from './rules.module.css';
import { isList, splitValues } from './split-values.ts';

interface ValueTokensProps {
  values: readonly string[];
  change(next: string[], what: string): void;
  label: string;
  names: EditorNames;
  isReadOnly: boolean;
  isInvalid: boolean;
  describedBy?: string | undefined;
}

/** More are collapsed: a list of ZIP codes would push every other rule off the screen. */
const SHOWN_MAX = 12;
/** Fewer are as easily changed one by one. */
const AS_TEXT_MIN = 5;

/** A list of values, each a token. What is pasted is split at lines, commas and tabs, and repeated values are counted. */
export function ValueTokens(given: ValueTokensProps) {
  const { values, change, label, names, isReadOnly, isInvalid, describedBy } = given;
  const [text, setText] = useState('');
  const [said, setSaid] = useState('');
  const [mode, setMode] = useState<'few' | 'all' | 'text'>('few');
  const say = (sentence: string) => {
    setSaid(sentence);
    announce(sentence);
  };
  const add = (written: string) => {
    const { added, repeated } = splitValues(written, values);
    setText('');
    if (added.length > 0) change([...values, ...added], addedWhat(added));
    say(writeAdded(added.length, repeated));
  };
  const remove = (value: string) => {
    change(
      values.filter((each) => each !== value),
      `Removed ${value}`,
    );
    say(`Removed ${value}`);
  };
  if (mode === 'text') return <AsText {...given} close={() => setMode('few')} say={say} />;
  const shown = mode === 'all' || values.length <= SHOWN_MAX ? values : values.slice(0, SHOWN_MAX);
  return (
    <div className={styles['tokens']} data-invalid={isInvalid}>
      <ul className={styles['tokenList']} aria-label={`${label}, ${values.length}`}>
        {shown.map((value) => (
          <li key={value} className={styles['token']} data-kind={kindOf(value)}>
            <bdi>{showToken(value, names)}</bdi>
            {!isReadOnly && (
              <button type="button" aria-label={`Remove ${value}`} onClick={() => remove(value)}>
                <IconX size={12} aria-hidden />
              </button>
            )}
          </li>
        ))}
        {!isReadOnly && (
          <li className={styles['tokenEntry']}>
            <input
              data-control="value"
              aria-label={label}
              aria-describedby={describedBy}
              value={text}
              placeholder={values.length === 0 ? 'Write or paste values' : 'Add'}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
              onKeyDown={(event) => {
                if ((event.key === 'Enter' || event.key === ',') && text.trim() !== '' && !event.ctrlKey) {
                  event.preventDefault();
                  add(text);
                }
                const last = values.at(-1);
                if (event.key === 'Backspace' && text === '' && last !== undefined) remove(last);
              }}
              onPaste={(event) => {
                const pasted = event.clipboardData.getData('text');
                if (!isList(pasted)) return;
                event.preventDefault();
                add(pasted);
              }}
              onBlur={() => text.trim() !== '' && add(text)}
            />
          </li>
        )}
      </ul>
      <p className={styles['tokenFoot']}>
        {values.length > SHOWN_MAX && (
          <>
            <span>{values.length} values</span>
            <Button variant="subtle" size="compact-sm" onClick={() => setMode(mode === 'all' ? 'few' : 'all')}>
              {mode === 'all' ? 'Show the first' : `Show all ${values.length}`}
            </Button>
          </>
        )}
        {!isReadOnly && values.length >= AS_TEXT_MIN && (
          <Button variant="subtle" size="compact-sm" onClick={() => setMode('text')}>
            Edit as text
          </Button>
        )}
        {said !== '' && <span className={styles['said']}>{said}</span>}
      </p>
    </div>
  );
}

function AsText(given: ValueTokensProps & { close(): void; say(sentence: string): void }) {
  const { values, change, label, close, say } = given;
  const [text, setText] = useState(values.join('\n'));
  const take = () => {
    const { added, repeated } = splitValues(text);
    change(added, `Changed the list to ${added.length} values`);
    say(writeAdded(added.length, repeated).replace(/^Added/, 'Now'));
    close();
  };
  return (
    <div className={styles['tokens']}>
      <Textarea
        aria-label={`${label}, one a line`}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        minRows={4}
        maxRows={14}
        autosize
        spellCheck={false}
        data-autofocus
      />
      <p className={styles['tokenFoot']}>
        <Button size="compact-sm" onClick={take}>
          Take these values
        </Button>
        <Button variant="default" size="compact-sm" onClick={close}>
          Cancel
        </Button>
        <span className={styles['said']}>One a line, or separated by commas or tabs</span>
      </p>
    </div>
  );
}

function addedWhat(added: readonly string[]): string {
  return added.length === 1 ? `Added ${added[0]}` : `Added ${added.length} values`;
}

function writeAdded(added: number, repeated: number): string {
  const again = repeated === 0 ? '' : `, ${repeated} repeated`;
  return `Added ${added} ${added === 1 ? 'value' : 'values'}${again}`;
}

export function kindOf(value: string): 'value' | 'field' | 'template' {
  if (!value.includes('{{')) return 'value';
  return variableOf(value) === undefined ? 'template' : 'field';
}

function showToken(value: string, names: EditorNames): string {
  const variable = value.includes('{{') ? variableOf(value) : undefined;
  return variable === undefined ? value : nameVariable(variable, names);
}
