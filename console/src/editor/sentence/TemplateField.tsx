import { useId } from 'react';
import type { EditorNames, Fault } from '../part-props.ts';
import { TemplateInput } from '../rules/TemplateInput.tsx';
import { useVariables } from '../rules/use-variables.ts';
import { Faults } from './Faults.tsx';
import styles from './sentence.module.css';
import { useTyped } from './use-typed.ts';

/** A text with variables in it, completed from `{{` on; an empty one takes the property out. */
export function TemplateField(props: {
  label: string;
  /** Above the field. */
  caption?: string;
  value: string | null | undefined;
  /** Of the template in the document: says which variables there are. */
  path: string;
  names: EditorNames;
  faults: readonly Fault[];
  isReadOnly: boolean;
  placeholder?: string;
  change(value: string | undefined): void;
}) {
  const { label, caption, value, path, names, faults, isReadOnly, placeholder, change } = props;
  const { variables } = useVariables(names, path);
  const id = useId();
  const typed = useTyped<string>({
    value: value ?? '',
    show: (text) => text,
    parse: (text) => ({ ok: true, value: text }),
    change: (text) => change(text === '' ? undefined : text),
  });
  const has = faults.length > 0;
  return (
    <div className={styles['field']} data-fault={has || undefined} data-grows>
      <TemplateInput
        {...{ label, variables, isReadOnly }}
        {...(caption !== undefined && { caption })}
        value={typed.text}
        change={typed.type}
        isInvalid={faults.some(({ level }) => level === 'error')}
        {...(placeholder !== undefined && { placeholder })}
        {...(has && { describedBy: id })}
      />
      <Faults faults={faults} id={id} />
    </div>
  );
}
