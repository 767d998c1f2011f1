import type { RuleSet } from '../../../../src/model/rule-set.ts';
import type { PartProps } from '../part-props.ts';
import { countRules, wordOfRules } from './count-rules.ts';
import { More } from './More.tsx';
import styles from './sentence.module.css';

interface RulesPartProps extends Omit<PartProps<RuleSet>, 'value'> {
  value: RuleSet | null | undefined;
  /** Of what the rules are: "the cap Texas". */
  name: string;
  /** What it is for when there is no rule: "every lead" is said of `leads`. */
  noun: string;
}

/** Which leads something is for: in words, with the rules behind a button. */
export function RulesPart({ value, name, noun, ...part }: RulesPartProps) {
  const count = countRules(value);
  return (
    <More word={count === 0 ? `Only for some ${noun}…` : wordOfRules(count)} name={name}>
      <p className={styles['note']}>{part.path}</p>
    </More>
  );
}
