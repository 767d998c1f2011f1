import { Button, Combobox, useCombobox } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { Module } from '../../../../client/src/client.ts';
import type { Mapping } from '../../../../src/model/mapping.ts';
import type { EditorNames } from '../part-props.ts';
import { listAddable } from './list-properties.ts';
import styles from './mappings.module.css';

interface AddPropertyProps {
  module: Module | undefined;
  mappings: readonly Mapping[];
  hasCredential: boolean;
  isInbound: boolean;
  names: EditorNames;
  add(name: string): void;
}

/** A button that opens what the module takes; of an open group the rest of the name is written. */
export function AddProperty({ module, mappings, hasCredential, isInbound, names, add }: AddPropertyProps) {
  const [query, setQuery] = useState('');
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setQuery('');
    },
  });
  const written = query.trim();
  const addable = isInbound
    ? listFields(names, mappings, written)
    : listAddable({ module, mappings, hasCredential }, query);
  const isNamed = addable.some(({ name, isOpen }) => !isOpen && name === written);
  return (
    <Combobox
      store={combobox}
      width={420}
      position="bottom-start"
      transitionProps={{ duration: 0 }}
      onOptionSubmit={(name) => {
        if (name.endsWith('.')) {
          setQuery(name);
          combobox.focusSearchInput();
          return;
        }
        add(name);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target targetType="button">
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => combobox.toggleDropdown()}
        >
          {isInbound ? 'Add a field' : 'Add a property'}
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={query}
          onChange={({ currentTarget }) => {
            setQuery(currentTarget.value);
            combobox.selectFirstOption();
          }}
          placeholder={isInbound ? 'Find a field' : 'Find a property, or write its name'}
          aria-label={isInbound ? 'Find a field' : 'Find a property'}
        />
        <Combobox.Options aria-label="Properties" mah={320} className={styles['options'] ?? ''}>
          {combobox.dropdownOpened &&
            addable.map(({ name, isOpen, variable }) => (
              <Combobox.Option key={name} value={name}>
                <code className={styles['code']}>{isOpen ? `${name}…` : name}</code>
                {variable?.required && <span className={styles['note']}> required</span>}
                <span className={styles['block']}>{variable?.description}</span>
              </Combobox.Option>
            ))}
          {combobox.dropdownOpened && written !== '' && !isNamed && !written.endsWith('.') && (
            <Combobox.Option value={written}>
              <code className={styles['code']}>{written}</code>
              <span className={styles['block']}>
                {isInbound ? 'A name that is no field of the flow' : 'A property that the module does not declare'}
              </span>
            </Combobox.Option>
          )}
          {addable.length === 0 && written === '' && <Combobox.Empty>Everything is mapped.</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function listFields({ document, fields }: EditorNames, mappings: readonly Mapping[], query: string) {
  const mapped = new Set(mappings.map(({ property }) => property.replace(/^lead\./, '')));
  const word = query.toLowerCase();
  return document.fields
    .filter((id) => !mapped.has(id))
    .map((id) => ({ id, name: fields.find((field) => field.id === id)?.name ?? id }))
    .filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(word))
    .map(({ id, name }) => ({ name: id, isOpen: false, variable: { required: false, description: name } }));
}
