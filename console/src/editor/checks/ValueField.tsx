import { useState } from 'react';
import type { EditorNames, Fault } from '../part-props.ts';
import { ChoiceField } from '../sentence/Sentence.tsx';
import { TemplateField } from '../sentence/TemplateField.tsx';

const OTHER = 'template';

/** What is looked for: a field of the flow, or any template. */
export function ValueField(props: {
  label: string;
  /** Above the field. */
  caption: string;
  value: string;
  path: string;
  names: EditorNames;
  faults: readonly Fault[];
  isReadOnly: boolean;
  change(next: string): void;
}) {
  const { label, caption, value, path, names, faults, isReadOnly, change } = props;
  const choices = listFieldTemplates(names);
  const [isTyped, setTyped] = useState(false);
  const isField = !isTyped && choices.some((choice) => choice.value === value);
  return (
    <>
      <ChoiceField<string>
        {...{ label, caption }}
        value={isField ? value : OTHER}
        choices={[...choices, { value: OTHER, label: 'a template' }]}
        isReadOnly={isReadOnly}
        faults={isField ? faults : []}
        change={(next) => {
          setTyped(next === OTHER);
          if (next !== OTHER) change(next);
        }}
      />
      {!isField && (
        <TemplateField
          {...{ names, isReadOnly, faults, path, value }}
          caption="Template"
          label={`Template of ${label.toLowerCase()}`}
          change={(next) => change(next ?? '')}
        />
      )}
    </>
  );
}

/** Fields that the flow keeps, as templates. */
export function listFieldTemplates({ document, fields }: EditorNames): { value: string; label: string }[] {
  const kept = new Set(document.fields);
  return fields.filter(({ id }) => kept.has(id)).map(({ id, name }) => ({ value: `{{lead.${id}}}`, label: name }));
}
