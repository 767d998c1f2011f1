import { Select } from '@mantine/core';
import type { AcceptanceCriteria } from '../../../../src/model/flow.ts';
import type { RuleSet } from '../../../../src/model/rule-set.ts';
import type { PartProps } from '../part-props.ts';
import { FaultLines } from './FaultLines.tsx';
import { RuleSetEditor } from './RuleSetEditor.tsx';
import styles from './rules.module.css';
import { TemplateInput } from './TemplateInput.tsx';
import { useVariables } from './use-variables.ts';

const OUTCOMES = [
  { value: 'failure', label: 'failure: the lead is rejected' },
  { value: 'error', label: 'error: somebody must act' },
  { value: 'success', label: 'success: the source is told that it was taken' },
];

/** Which leads are taken, and what the source of another one is told. */
export function CriteriaEditor({ value, change, path, faults, names, isReadOnly }: PartProps<AcceptanceCriteria>) {
  const { variables } = useVariables(names, path);
  const faultsOf = (part: string) => faults.filter((fault) => fault.path === `${path}.${part}`);
  const changeRules = (ruleSet: RuleSet | undefined, what: string) => {
    if (ruleSet !== undefined) return change({ ...value, rule_set: ruleSet }, what);
    const { rule_set: _gone, ...others } = value ?? {};
    // Without rules an outcome and a reason have no effect; other properties are kept.
    const { outcome: _outcome, reason: _reason, ...kept } = others as Partial<AcceptanceCriteria>;
    change(
      Object.keys(kept).length === 0
        ? undefined
        : ({ ...kept, rule_set: { op: 'and', rules: [] } } as AcceptanceCriteria),
      what,
    );
  };
  const put = (part: 'outcome' | 'reason', text: string, what: string) => {
    if (value === undefined) return;
    const { [part]: _before, ...others } = value;
    change(text === '' ? (others as AcceptanceCriteria) : { ...value, [part]: text }, what);
  };
  const hasRules = (value?.rule_set?.rules?.length ?? 0) > 0;
  const outcome = value?.outcome ?? 'failure';
  const others = OUTCOMES.some((each) => each.value === outcome) ? [] : [{ value: outcome, label: outcome }];
  return (
    <div className={styles['criteria']}>
      <RuleSetEditor
        value={value?.rule_set}
        change={changeRules}
        path={`${path}.rule_set`}
        {...{ faults, names, isReadOnly }}
      />
      {hasRules && (
        <section className={styles['otherwise']} aria-label="Leads that do not pass">
          <h3>Leads that do not pass</h3>
          <Select
            label="Outcome"
            value={outcome}
            data={[...OUTCOMES, ...others]}
            onChange={(next) =>
              put('outcome', next === 'failure' || next === null ? '' : next, `The outcome is ${next}`)
            }
            disabled={isReadOnly}
            allowDeselect={false}
            comboboxProps={{ transitionProps: { duration: 0 } }}
          />
          <FaultLines faults={faultsOf('outcome')} />
          <div>
            <p className={styles['label']}>Reason</p>
            <p className={styles['note']}>
              What the source is told. Empty: the rule that failed says it, such as “State must be equal to TX”.
            </p>
            <TemplateInput
              value={value?.reason ?? ''}
              change={(reason) => put('reason', reason, 'Changed the reason')}
              label="Reason"
              variables={variables}
              isReadOnly={isReadOnly}
              isInvalid={faultsOf('reason').length > 0}
              placeholder="Made from the rule that failed"
            />
            <FaultLines faults={faultsOf('reason')} />
          </div>
        </section>
      )}
    </div>
  );
}
