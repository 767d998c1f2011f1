import { Combobox, Textarea, useCombobox } from '@mantine/core';
import { useState } from 'react';
import { type Completion, complete, findOpenTag, listCompletions, type OpenTag } from './complete-template.ts';
import type { Variable } from './list-variables.ts';
import styles from './rules.module.css';

interface TemplateInputProps {
  value: string;
  change(next: string): void;
  /** For screen readers; what is beside it says it to others. */
  label: string;
  /** Above the field. */
  caption?: string;
  variables: readonly Variable[];
  isReadOnly: boolean;
  isInvalid?: boolean;
  placeholder?: string;
  /** Ids of what describes it: its faults. */
  describedBy?: string | undefined;
  control?: string;
  onFocus?: () => void;
  /** A text with several lines, or a list, was pasted. true: it was taken. */
  pasteList?: (text: string) => boolean;
}

/** A text in which `{{` opens the names of variables and helpers. Line breaks are a part of it. */
export function TemplateInput(given: TemplateInputProps) {
  const { value, change, label, variables, isReadOnly, isInvalid = false, placeholder, describedBy, control } = given;
  const [tag, setTag] = useState<OpenTag & { caret: number }>();
  const completions = tag === undefined ? [] : listCompletions(tag, variables);
  const isOpen = completions.length > 0 && !isReadOnly;
  const combobox = useCombobox({ opened: isOpen, onDropdownClose: () => setTag(undefined) });
  const look = (element: HTMLTextAreaElement) => {
    const caret = element.selectionStart;
    const open = findOpenTag(element.value, caret);
    setTag(open === undefined ? undefined : { ...open, caret });
    if (open === undefined || open.word === '') combobox.resetSelectedOption();
  };
  const [input, setInput] = useState<HTMLTextAreaElement | null>(null);
  const insert = (completion: Completion) => {
    if (tag === undefined || input === null) return;
    const next = complete(value, { tag, caret: tag.caret, completion });
    change(next.text);
    setTag(undefined);
    // The field has its new text in the next frame.
    requestAnimationFrame(() => {
      input.focus();
      input.setSelectionRange(next.caret, next.caret);
      if (completion.kind === 'helper') look(input);
    });
  };
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(key) => {
        const chosen = completions.find(({ kind, text }) => `${kind} ${text}` === key);
        if (chosen) insert(chosen);
      }}
      width={380}
      position="bottom-start"
      transitionProps={{ duration: 0 }}
    >
      <Combobox.Target withKeyboardNavigation={isOpen} targetType="input">
        <Textarea
          ref={setInput}
          className={styles['template'] ?? ''}
          classNames={{ input: styles['templateInput'] ?? '' }}
          label={given.caption}
          aria-label={label}
          aria-autocomplete="list"
          {...(describedBy !== undefined && { 'aria-describedby': describedBy })}
          data-control={control}
          data-template={value.includes('{{')}
          value={value}
          onChange={({ currentTarget }) => {
            change(currentTarget.value);
            look(currentTarget);
          }}
          onSelect={({ currentTarget }) => tag !== undefined && look(currentTarget)}
          onKeyDown={(event) => {
            if (!isOpen) return;
            if (event.key === 'Escape') {
              // The panel around it stays open.
              event.stopPropagation();
              setTag(undefined);
            }
            if (event.key === 'Tab' && !event.shiftKey && completions[0]) {
              event.preventDefault();
              insert(completions[Math.max(combobox.getSelectedOptionIndex(), 0)] ?? completions[0]);
            }
          }}
          onPaste={(event) => {
            if (given.pasteList?.(event.clipboardData.getData('text'))) event.preventDefault();
          }}
          onBlur={() => setTag(undefined)}
          {...(given.onFocus && { onFocus: given.onFocus })}
          readOnly={isReadOnly}
          error={isInvalid}
          withErrorStyles={isInvalid}
          placeholder={placeholder ?? ''}
          autosize
          minRows={1}
          maxRows={8}
          size="sm"
          spellCheck={false}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label="Names" mah={280} className={styles['options'] ?? ''}>
          {completions.map((each) => (
            <Combobox.Option key={`${each.kind} ${each.text}`} value={`${each.kind} ${each.text}`}>
              <bdi>{each.label}</bdi>
              <span className={styles['path']}>{each.detail}</span>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
