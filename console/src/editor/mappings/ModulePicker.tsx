import { Button, TextInput } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { Module } from '../../../../client/src/client.ts';
import type { Fault } from '../part-props.ts';
import { FaultLines } from '../rules/FaultLines.tsx';
import styles from './mappings.module.css';

interface ModulePickerProps {
  modules: readonly Module[];
  isInbound: boolean;
  value: string;
  pick(moduleId: string, name: string): void;
  faults: readonly Fault[];
  isReadOnly: boolean;
}

/** The module with what it does, and all others to choose from. */
export function ModulePicker({ modules, isInbound, value, pick, faults, isReadOnly }: ModulePickerProps) {
  const [isOpen, setOpen] = useState(value === '');
  const [query, setQuery] = useState('');
  const opener = useRef<HTMLButtonElement>(null);
  const module = modules.find(({ id }) => id === value);
  const fitting = modules.filter(({ type }) => type === (isInbound ? 'inbound' : 'outbound'));
  const words = query.toLowerCase().split(/\s+/);
  const found = fitting.filter(({ id, name, description, package: packageName }) =>
    words.every((word) => `${id} ${name} ${packageName} ${description}`.toLowerCase().includes(word)),
  );
  const close = () => {
    setOpen(false);
    setQuery('');
    requestAnimationFrame(() => opener.current?.focus());
  };
  return (
    <section className={styles['module']} aria-label="Module">
      <div className={styles['titleLine']}>
        <div className={styles['moduleText']}>
          <h3>
            <bdi>{module?.name ?? (value === '' ? 'Choose a module' : value)}</bdi>
          </h3>
          {module ? (
            <p className={styles['note']}>
              <bdi>{module.description}</bdi> <code className={styles['name']}>{module.id}</code>
            </p>
          ) : (
            <p className={styles['note']}>
              {value === ''
                ? 'A module says how something is sent, and how the answer is read.'
                : 'The server has no module of this id: install its package, or choose another module.'}
            </p>
          )}
          {module?.link && /^https?:/.test(module.link) && (
            <a className={styles['link']} href={module.link} target="_blank" rel="noreferrer">
              Documentation <IconExternalLink size={12} aria-hidden />
            </a>
          )}
        </div>
        {!isReadOnly && value !== '' && (
          <Button
            ref={opener}
            variant="default"
            size="compact-sm"
            aria-expanded={isOpen}
            onClick={() => (isOpen ? close() : setOpen(true))}
          >
            {isOpen ? 'Keep this module' : 'Change module'}
          </Button>
        )}
      </div>
      <FaultLines faults={faults} />
      {isOpen && !isReadOnly && (
        <div className={styles['moduleList']}>
          <TextInput
            label="Find a module"
            value={query}
            onChange={({ currentTarget }) => setQuery(currentTarget.value)}
            placeholder="JSON, e-mail, TrustedForm"
            data-autofocus
          />
          {found.length === 0 && <p className={styles['note']}>No module has these words.</p>}
          <ul className={styles['modules']} aria-label={`Modules, ${found.length}`}>
            {found.map(({ id, name, package: packageName, description }) => (
              <li key={id}>
                <button
                  type="button"
                  className={styles['moduleOption']}
                  aria-pressed={id === value}
                  onClick={() => {
                    pick(id, name);
                    close();
                  }}
                >
                  <span>
                    <bdi className={styles['strong']}>{name}</bdi>{' '}
                    {packageName !== name && <bdi className={styles['note']}>{packageName}</bdi>}
                  </span>
                  <bdi className={styles['note']}>{description}</bdi>
                  <code className={styles['name']}>{id}</code>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
