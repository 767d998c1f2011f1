import { Button, Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { RuleSet } from '../../../../src/model/rule-set.ts';
import { sessionQuery } from '../../api/session.ts';
import type { PartProps } from '../part-props.ts';
import { NEW_RULE } from './change-rule.ts';
import { describePlace } from './describe-place.ts';
import { sayRuleSet } from './describe-rule-set.ts';
import { FlipCounter } from './FlipCounter.tsx';
import { Raw } from './Raw.tsx';
import { RuleGroup } from './RuleGroup.tsx';
import type { RuleEditing } from './rule-editing.ts';
import { type RulePath, readEntry } from './rule-tree.ts';
import styles from './rules.module.css';
import { SaidPieces } from './SaidPieces.tsx';
import { TryRules } from './TryRules.tsx';
import { useVariables } from './use-variables.ts';
import type { Verdicts } from './verdicts.ts';

interface RuleSetEditorProps extends PartProps<RuleSet> {
  /** Without it, a rule set that loses its last rule is taken out. */
  isRequired?: boolean;
}

/** The rules of one place of a flow: what they say as a sentence, the rules themselves in their groups, and a trial of them. */
export function RuleSetEditor({
  value,
  change,
  path,
  faults,
  names,
  isReadOnly,
  isRequired = false,
}: RuleSetEditorProps) {
  const vocabulary = useVariables(names, path);
  const [verdicts, setVerdicts] = useState<Verdicts>();
  const [isTrying, setTrying] = useState(false);
  const [areFlipsOpen, setFlipsOpen] = useState(false);
  const hasFlips = useMayReadLeads() && DECIDES.test(path);
  const { container, focusAt } = useFocusAt();
  const meaning = describePlace(path, names.document);
  const said = useMemo(() => sayRuleSet(value, names), [value, names]);
  const root = value ?? EMPTY;
  const edit: RuleEditing['edit'] = (next, what, focus) => {
    change(next.rules.length === 0 && !isRequired ? undefined : next, what);
    if (focus) focusAt(focus);
  };
  if (value !== undefined && value !== null && readEntry(value).kind !== 'group')
    return (
      <Raw
        value={value}
        reason="The server cannot read these rules. They are kept as they are."
        {...(!isReadOnly && { remove: () => change(undefined, 'Removed the rules') })}
      />
    );
  const editing: RuleEditing = { root, edit, path, faults, names, isReadOnly, vocabulary, verdicts };
  const add = () =>
    edit({ ...root, rules: [...root.rules, { ...NEW_RULE }] }, 'Added a rule', {
      path: ['rules', root.rules.length],
      control: 'field',
    });
  const hasRules = root.rules.length > 0;
  return (
    <section ref={container} className={styles['editor']} aria-label="Rules">
      <p className={styles['sentence']}>
        {hasRules ? (
          <>
            {meaning.when} <SaidPieces said={said} />
            {said.at(-1)?.text.endsWith('…') ? '' : '.'}
          </>
        ) : (
          meaning.always
        )}
      </p>
      {hasRules && <RuleGroup set={root} at={ROOT} depth={0} editing={editing} />}
      <Group gap="sm">
        {!hasRules && !isReadOnly && (
          <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
            Add a rule
          </Button>
        )}
        {hasRules && (
          <Button
            variant="default"
            aria-expanded={isTrying}
            onClick={() => {
              setTrying(!isTrying);
              setVerdicts(undefined);
            }}
          >
            {isTrying ? 'Close the trial' : 'Try with a lead'}
          </Button>
        )}
        {hasFlips && (
          <Button variant="default" aria-expanded={areFlipsOpen} onClick={() => setFlipsOpen(!areFlipsOpen)}>
            {areFlipsOpen ? 'Close the effect' : 'Effect on the last leads'}
          </Button>
        )}
      </Group>
      {hasRules && isTrying && <TryRules {...{ ruleSet: root, path, names, verdicts, show: setVerdicts }} />}
      {hasFlips && areFlipsOpen && <FlipCounter flowId={names.flowId} document={names.document} />}
    </section>
  );
}

/** Rules by which leads end otherwise. Others decide a price, a value or a count. */
const DECIDES = /(?:acceptance_criteria|^steps\.\d+(?:\.recipients\.\d+)?)\.rule_set$/;

function useMayReadLeads(): boolean {
  const { data: session } = useQuery(sessionQuery);
  return session?.permissions.includes('leads.read') ?? false;
}

const EMPTY: RuleSet = { op: 'and', rules: [] };
const ROOT: RulePath = [];

/** Puts the focus on a control of a rule once the rule is drawn: a rule that moved keeps it. */
function useFocusAt() {
  const container = useRef<HTMLElement>(null);
  const wanted = useRef<{ path: RulePath; control: string }>(undefined);
  useEffect(() => {
    const { current } = wanted;
    if (current === undefined) return;
    const row = container.current?.querySelector(`[data-rule="${current.path.join('.')}"]`);
    const control = row?.querySelector<HTMLElement>(`[data-control="${current.control}"]`);
    if (control === null || control === undefined) return;
    wanted.current = undefined;
    control.focus();
  });
  return { container, focusAt: (place: { path: RulePath; control: string }) => (wanted.current = place) };
}
