import { NativeSelect } from '@mantine/core';
import type { Rule } from '../../../../src/model/rule-set.ts';
import { ShownValue } from '../../parts/ShownValue.tsx';
import type { EditorNames } from '../part-props.ts';
import { isEditable, readMembers, readOne, withLeft, withOperator } from './change-rule.ts';
import { nameVariable, variableOf } from './describe-rule-set.ts';
import { EntryMenu } from './EntryMenu.tsx';
import { actionOfKey, addBehind } from './entry-actions.ts';
import { FaultLines } from './FaultLines.tsx';
import { wordsOf } from './operator-words.ts';
import { idOf } from './RuleGroup.tsx';
import { faultsAt, type RuleEditing } from './rule-editing.ts';
import { type RulePath, setAt } from './rule-tree.ts';
import styles from './rules.module.css';
import { TemplateInput } from './TemplateInput.tsx';
import { operatorsFor } from './use-variables.ts';
import { ValueTokens } from './ValueTokens.tsx';
import { VariablePicker } from './VariablePicker.tsx';
import { VerdictMark } from './VerdictMark.tsx';
import { findingAt } from './verdicts.ts';

interface RuleRowProps {
  rule: Rule;
  at: RulePath;
  editing: RuleEditing;
}

/** One rule: what it reads, the operator, what it is compared with. */
export function RuleRow({ rule, at, editing }: RuleRowProps) {
  const { root, edit, names, isReadOnly, vocabulary, verdicts } = editing;
  const faults = faultsAt(editing, at);
  const id = idOf(editing.path, at);
  const describedBy = faults.length > 0 ? id : undefined;
  const put = (next: Rule, what: string) => edit(setAt(root, at, next), what);
  const isTemplate = typeof rule.lhv === 'string' && rule.lhv.includes('{{');
  const finding = verdicts && findingAt(verdicts, at);
  const pickLeft = (lhv: string) => {
    const next = withLeft(rule, lhv, operatorsFor(lhv, vocabulary));
    put(next, lhv.includes('{{') ? 'Changed the left side of a rule' : `The rule reads ${nameVariable(lhv, names)}`);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the whole row; each has an entry in its menu
    <div
      className={styles['row']}
      data-rule={at.join('.')}
      onKeyDown={(event) => {
        if (isReadOnly) return;
        const control = (event.target as HTMLElement).dataset['control'] ?? 'menu';
        if (event.key === 'Enter' && event.ctrlKey) {
          event.preventDefault();
          const added = addBehind(root, at);
          edit(added.root, 'Added a rule', { path: added.path, control: 'field' });
          return;
        }
        const action = actionOfKey(event, 'rule');
        if (action === undefined) return;
        event.preventDefault();
        const done = action.run(root, at);
        if (done) edit(done.root, action.said, { path: done.path, control });
      }}
    >
      {finding && <VerdictMark verdict={finding.verdict} />}
      <div className={styles['left']}>
        {isTemplate ? (
          <>
            <TemplateInput
              value={rule.lhv ?? ''}
              change={(lhv) => put({ ...rule, lhv }, 'Changed the left side of a rule')}
              label="Left side, a template"
              variables={vocabulary.variables}
              isReadOnly={isReadOnly}
              isInvalid={hasFault(faults, 'lhv')}
              describedBy={describedBy}
              control="field"
            />
            {!isReadOnly && (
              <button type="button" className={styles['link']} onClick={() => pickLeft('')}>
                Choose a field instead
              </button>
            )}
          </>
        ) : (
          <VariablePicker
            value={typeof rule.lhv === 'string' ? rule.lhv.trim() : ''}
            variables={vocabulary.variables}
            names={names}
            pick={pickLeft}
            isReadOnly={isReadOnly}
          />
        )}
      </div>
      <OperatorSelect {...{ rule, editing, put, describedBy }} />
      <RightSide {...{ rule, editing, put, describedBy, isInvalid: hasFault(faults, 'rhv') }} />
      {!isReadOnly && <EntryMenu at={at} kind="rule" editing={editing} />}
      {finding && finding.verdict !== 'not reached' && (
        <p className={styles['was']}>
          was <ShownValue value={finding.left} />
          {readOne(rule.rhv).includes('{{') && (
            <>
              {' '}
              beside <ShownValue value={finding.right} />
            </>
          )}
        </p>
      )}
      <FaultLines faults={faults} id={id} />
    </div>
  );
}

function hasFault(faults: readonly { path: string; level: string }[], side: 'lhv' | 'rhv'): boolean {
  return faults.some(({ path, level }) => level === 'error' && new RegExp(`\\.${side}(?:\\.|$)`).test(path));
}

interface SideProps {
  rule: Rule;
  editing: RuleEditing;
  put(next: Rule, what: string): void;
  describedBy: string | undefined;
}

/** The operators of the left side's type; one that it does not have stays until another is chosen. */
function OperatorSelect({ rule, editing: { vocabulary, isReadOnly }, put, describedBy }: SideProps) {
  const operators = operatorsFor(rule.lhv, vocabulary);
  const op = typeof rule.op === 'string' ? rule.op : '';
  const isOther = !operators.includes(op);
  return (
    <NativeSelect
      className={styles['operator'] ?? ''}
      aria-label="Operator"
      title={isOther ? nameOther(op) : undefined}
      aria-describedby={describedBy}
      data-control="operator"
      value={op}
      disabled={isReadOnly}
      onChange={({ currentTarget: { value } }) => put(withOperator(rule, value), `The operator is now ${value}`)}
    >
      {isOther && <option value={op}>{nameOther(op)}</option>}
      {operators.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </NativeSelect>
  );
}

function nameOther(op: string): string {
  if (op === '') return 'Choose an operator';
  return wordsOf(op) === undefined ? `${op} (not an operator)` : `${op} (not of this type)`;
}

function RightSide({ rule, editing, put, describedBy, isInvalid }: SideProps & { isInvalid: boolean }) {
  const { names, vocabulary, isReadOnly } = editing;
  const right = wordsOf(rule.op)?.right ?? 'value';
  const { rhv } = rule;
  if (right === 'none')
    return rhv === undefined || rhv === null || rhv === '' ? (
      <span />
    ) : (
      <span className={styles['note']}>
        Its right side <ShownValue value={rhv} /> has no effect.
      </span>
    );
  if (!isEditable(rhv))
    return (
      <span className={styles['note']}>
        <code className={styles['code']}>{JSON.stringify(rhv)}</code>{' '}
        {!isReadOnly && (
          <button
            type="button"
            className={styles['link']}
            onClick={() => put({ ...rule, rhv: '' }, 'Emptied a right side')}
          >
            Write another
          </button>
        )}
      </span>
    );
  const label = LABELS[right];
  if (right === 'list' || Array.isArray(rhv))
    return (
      <ValueTokens
        values={readMembers(rhv)}
        change={(values, what) => put({ ...rule, rhv: values }, what)}
        {...{ label, names, isReadOnly, isInvalid, describedBy }}
      />
    );
  return (
    <div className={styles['right']}>
      <TemplateInput
        value={readOne(rhv)}
        change={(text) => put({ ...rule, rhv: text }, 'Changed a value of a rule')}
        variables={vocabulary.variables}
        placeholder={PLACEHOLDERS[right]}
        control="value"
        {...{ label, isReadOnly, isInvalid, describedBy }}
      />
      <FieldNote text={readOne(rhv)} names={names} />
    </div>
  );
}

/** Under the template of one variable its name, as in the sentence above. */
function FieldNote({ text, names }: { text: string; names: EditorNames }) {
  const variable = text.includes('{{') ? variableOf(text) : undefined;
  if (variable === undefined) return null;
  return (
    <span className={styles['note']}>
      Read from <bdi className={styles['field']}>{nameVariable(variable, names)}</bdi>
    </span>
  );
}

const LABELS = { value: 'Value', list: 'Values', range: 'Range', pattern: 'Pattern' } as const;
const PLACEHOLDERS = {
  value: 'A value, or {{ for a field',
  list: '',
  range: '18-65, 18+, or two dates with a dash',
  pattern: '*@example.com or /^[A-Z]{2}$/',
} as const;
