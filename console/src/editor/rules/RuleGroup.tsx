import { Button, NativeSelect } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { RuleSet } from '../../../../src/model/rule-set.ts';
import { NEW_RULE } from './change-rule.ts';
import { EntryMenu } from './EntryMenu.tsx';
import { FaultLines } from './FaultLines.tsx';
import { Raw } from './Raw.tsx';
import { RuleRow } from './RuleRow.tsx';
import { faultsAt, type RuleEditing } from './rule-editing.ts';
import { countRules, DEPTH_MAX, insertAt, type RulePath, readEntry, removeAt, setAt } from './rule-tree.ts';
import styles from './rules.module.css';
import { VerdictMark } from './VerdictMark.tsx';
import { verdictOf } from './verdicts.ts';

interface RuleGroupProps {
  set: RuleSet;
  at: RulePath;
  depth: number;
  editing: RuleEditing;
  /** The rules of a rule, which must hold with it. */
  isOfRule?: boolean;
}

/** Rows that are drawn at once. */
const ROWS_MAX = 100;

/** A rule set in a rule set is a line at the left of its rules with the word between them. */
export function RuleGroup({ set, at, depth, editing, isOfRule = false }: RuleGroupProps) {
  const { root, edit, isReadOnly, verdicts } = editing;
  const [shownMax, setShownMax] = useState(ROWS_MAX);
  const isRoot = at.length === 0;
  const word = set.op === 'and' ? 'and' : 'or';
  const add = (entry: unknown, what: string) => {
    const place = [...at, 'rules', set.rules.length];
    const focus = readEntry(entry).kind === 'group' ? [...place, 'rules', 0] : place;
    edit(insertAt(root, place, entry), what, { path: focus, control: 'field' });
  };
  const count = countRules(set);
  return (
    <fieldset className={styles['group']} data-op={set.op} data-depth={Math.min(depth, 4)} data-rule={at.join('.')}>
      <legend className={styles['legend']}>
        {set.op === 'and' ? 'All of these' : 'Any of these'}, {count} {count === 1 ? 'rule' : 'rules'}
      </legend>
      <div className={styles['head']}>
        {verdicts && <VerdictMark verdict={verdictOf(verdicts, set, at)} />}
        {isOfRule && <span className={styles['joint']}>and then</span>}
        {(set.rules.length > 1 || !isRoot) && (
          <NativeSelect
            className={styles['holds'] ?? ''}
            aria-label="How many of these rules must hold"
            data-control="holds"
            value={set.op}
            disabled={isReadOnly}
            onChange={({ currentTarget }) =>
              edit(
                setAt(root, [...at, 'op'], currentTarget.value),
                currentTarget.value === 'and' ? 'All of the rules must hold' : 'Any of the rules must hold',
              )
            }
          >
            <option value="and">All of these hold</option>
            <option value="or">Any of these holds</option>
          </NativeSelect>
        )}
        {!isRoot && !isReadOnly && (
          <EntryMenu at={at} kind={isOfRule ? 'rules of a rule' : 'group'} editing={editing} />
        )}
      </div>
      <FaultLines faults={faultsAt(editing, at)} id={idOf(editing.path, at)} />
      <ol className={styles['entries']}>
        {set.rules.slice(0, shownMax).map((value, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule that is written in must keep its focus, and has no id yet
          <li key={index} className={styles['entry']}>
            {index > 0 && <span className={styles['joint']}>{word}</span>}
            <Entry value={value} at={[...at, 'rules', index]} depth={depth} editing={editing} />
          </li>
        ))}
      </ol>
      {set.rules.length > shownMax && (
        <Button variant="subtle" size="compact-sm" onClick={() => setShownMax(shownMax + ROWS_MAX)}>
          Show {Math.min(ROWS_MAX, set.rules.length - shownMax)} more of {set.rules.length} rules
        </Button>
      )}
      {!isReadOnly && (
        <div className={styles['adders']}>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => add({ ...NEW_RULE }, 'Added a rule')}
          >
            Add a rule
          </Button>
          {depth + 1 < DEPTH_MAX && (
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() =>
                add({ op: set.op === 'and' ? 'or' : 'and', rules: [{ ...NEW_RULE }] }, 'Added a group of rules')
              }
            >
              Add a group
            </Button>
          )}
        </div>
      )}
    </fieldset>
  );
}

function Entry({ value, at, depth, editing }: { value: unknown; at: RulePath; depth: number; editing: RuleEditing }) {
  const entry = readEntry(value);
  const { root, edit, isReadOnly } = editing;
  switch (entry.kind) {
    case 'rule':
      return (
        <div className={styles['withRules']}>
          <RuleRow rule={entry.rule} at={at} editing={editing} />
          {entry.rule.rule_set && <RulesOfRule value={entry.rule.rule_set} at={at} depth={depth} editing={editing} />}
        </div>
      );
    case 'group':
      if (depth + 1 < DEPTH_MAX) return <RuleGroup set={entry.set} at={at} depth={depth + 1} editing={editing} />;
      return <Raw value={value} reason={`Rules nest deeper than ${DEPTH_MAX} levels.`} />;
    case 'unreadable':
      return (
        <div className={styles['withRules']}>
          <Raw
            value={value}
            reason="The server cannot read this rule. It is kept as it is, and a flow with it is not published."
            {...(!isReadOnly && { remove: () => edit(removeAt(root, at), 'Removed a rule that cannot be read') })}
          />
          <FaultLines faults={faultsAt(editing, at)} id={idOf(editing.path, at)} />
        </div>
      );
  }
}

function RulesOfRule({
  value,
  at,
  depth,
  editing,
}: {
  value: unknown;
  at: RulePath;
  depth: number;
  editing: RuleEditing;
}) {
  const entry = readEntry(value);
  const place = [...at, 'rule_set'];
  if (entry.kind === 'group' && depth + 1 < DEPTH_MAX)
    return <RuleGroup set={entry.set} at={place} depth={depth + 1} editing={editing} isOfRule />;
  const { root, edit, isReadOnly } = editing;
  return (
    <Raw
      value={value}
      reason="The server cannot read the rules of this rule. They are kept as they are."
      {...(!isReadOnly && { remove: () => edit(removeAt(root, place), 'Removed rules that cannot be read') })}
    />
  );
}

export function idOf(path: string, at: RulePath): string {
  return `faults-${[path, ...at].join('-').replaceAll('.', '-')}`;
}
