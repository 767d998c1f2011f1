import { Combobox, useCombobox } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import type { EditorNames } from '../part-props.ts';
import { nameVariable } from './describe-rule-set.ts';
import { findVariables, typeOf, type Variable } from './list-variables.ts';
import styles from './rules.module.css';

interface VariablePickerProps {
  /** A path; empty: none is chosen. */
  value: string;
  variables: readonly Variable[];
  names: EditorNames;
  /** A path, or a template when the person typed one. */
  pick(path: string): void;
  isReadOnly: boolean;
}

/** Options of one look; a longer list is searched. */
const OPTIONS_MAX = 60;

/** A button that says which variable a rule reads, and opens all that there are, to be searched. */
export function VariablePicker({ value, variables, names, pick, isReadOnly }: VariablePickerProps) {
  const [query, setQuery] = useState('');
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      combobox.focusTarget();
      setQuery('');
    },
  });
  const type = typeOf(value, variables);
  const isUnknown = value !== '' && type === undefined && !variables.some(({ path }) => path === value);
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(path) => {
        pick(path);
        combobox.closeDropdown();
      }}
      width={380}
      position="bottom-start"
      transitionProps={{ duration: 0 }}
      disabled={isReadOnly}
    >
      <Combobox.Target targetType="button">
        <button
          type="button"
          className={styles['picker']}
          data-control="field"
          data-empty={value === ''}
          onClick={() => combobox.toggleDropdown()}
          disabled={isReadOnly}
        >
          <span className={styles['pickerText']}>
            <bdi className={styles['field']}>{value === '' ? 'Choose a field' : nameVariable(value, names)}</bdi>
            {value !== '' && (
              <span className={styles['path']}>
                {value}
                {type !== undefined && <> · {type}</>}
                {isUnknown && <> · not known here</>}
              </span>
            )}
          </span>
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={query}
          onChange={({ currentTarget }) => {
            setQuery(currentTarget.value);
            combobox.selectFirstOption();
          }}
          placeholder="Find a field, or write a path"
          aria-label="Find a field"
        />
        <Combobox.Options aria-label="Fields" mah={320} className={styles['options'] ?? ''}>
          {combobox.dropdownOpened && <Options {...{ query, variables }} />}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Options({ query, variables }: { query: string; variables: readonly Variable[] }) {
  const found = findVariables(variables, query);
  const shown = found.slice(0, OPTIONS_MAX);
  const groups = [...new Set(shown.map(({ group }) => group))];
  const written = query.trim();
  return (
    <>
      {groups.map((group) => (
        <Combobox.Group key={group} label={group}>
          {shown
            .filter((each) => each.group === group)
            .map(({ path, label, type, description }) => (
              <Combobox.Option key={path} value={path}>
                <bdi>{label}</bdi>
                <span className={styles['path']}>
                  {path}
                  {type !== undefined && ` · ${type}`}
                </span>
                {description !== undefined && <span className={styles['description']}>{description}</span>}
              </Combobox.Option>
            ))}
        </Combobox.Group>
      ))}
      {found.length > shown.length && (
        <Combobox.Header>{found.length - shown.length} more: write a part of the name to find them.</Combobox.Header>
      )}
      {written !== '' && !shown.some(({ path }) => path === written) && (
        <Combobox.Group label="As it is written">
          <Combobox.Option value={written}>
            <code className={styles['code']}>{written}</code>
            <span className={styles['description']}>
              {written.includes('{{') ? 'A template' : 'A path that is not in the list'}
            </span>
          </Combobox.Option>
        </Combobox.Group>
      )}
      {written === '' && (
        <Combobox.Group label="Something else">
          <Combobox.Option value={'{{}}'}>
            Write a template
            <span className={styles['description']}>Such as {'{{lowercase lead.city}}'}</span>
          </Combobox.Option>
        </Combobox.Group>
      )}
    </>
  );
}
