import { Button } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { lazy, Suspense, useId, useMemo, useState } from 'react';
import type { RuleSet } from '../../../../src/model/rule-set.ts';
import { Delayed } from '../../parts/Delayed.tsx';
import type { PartProps } from '../part-props.ts';
import { describePlace, type Meaning } from '../rules/describe-place.ts';
import { sayRuleSet } from '../rules/describe-rule-set.ts';
import { countRules } from '../rules/rule-tree.ts';
import { SaidPieces } from '../rules/SaidPieces.tsx';
import { Faults } from './Faults.tsx';
import { faultsIn } from './faults.ts';
import styles from './sentence.module.css';

const RuleSetEditor = lazy(() =>
  import('../rules/RuleSetEditor.tsx').then(({ RuleSetEditor }) => ({ default: RuleSetEditor })),
);

interface RulesPartProps extends Omit<PartProps<RuleSet>, 'value'> {
  value: RuleSet | null | undefined;
  /** Of what the rules are, for screen readers: `Cap 1`. */
  name: string;
  /** What the button says where there is no rule: `Only some leads…`. */
  addWord?: string;
  /** What the rules decide, where their place does not say it well enough. */
  meaning?: Meaning;
}

/** Which leads something is for: as a sentence, with the rules behind a button. */
export function RulesPart({ value, name, addWord = 'Only some leads…', ...given }: RulesPartProps) {
  const { meaning: own, ...part } = given;
  const { path, faults, names, isReadOnly } = part;
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const hasRules = countRules(value) > 0;
  const meaning = own ?? describePlace(path, names.document);
  const said = useMemo(() => sayRuleSet(value, names), [value, names]);
  const word = isOpen ? 'Close the rules' : hasRules ? (isReadOnly ? 'Show the rules' : 'Change the rules') : addWord;
  const Icon = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <div className={styles['rules']}>
        {!isOpen && (
          <span>
            {hasRules ? (
              <>
                {meaning.when} <SaidPieces said={said} />.
              </>
            ) : (
              meaning.always
            )}
          </span>
        )}
        {(hasRules || !isReadOnly) && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<Icon size={14} aria-hidden />}
            aria-expanded={isOpen}
            aria-controls={id}
            aria-label={`${word}: ${name}`}
            onClick={() => setOpen(!isOpen)}
          >
            {word}
          </Button>
        )}
      </div>
      {!isOpen && <Faults faults={faultsIn(faults, path)} />}
      <div id={id}>
        {isOpen && (
          <div className={styles['nested']}>
            <Suspense fallback={<Delayed>Reading the rules…</Delayed>}>
              <RuleSetEditor {...part} value={value ?? undefined} />
            </Suspense>
          </div>
        )}
      </div>
    </div>
  );
}
