import { Button } from '@mantine/core';
import { useId } from 'react';
import { addMapping } from './edit-mappings.ts';
import type { Property } from './list-properties.ts';
import { MappingRow } from './MappingRow.tsx';
import type { MappingEditing } from './mapping-editing.ts';
import styles from './mappings.module.css';

interface PropertyBlockProps {
  property: Property;
  editing: MappingEditing;
  /** Is it known what the module takes? */
  hasModule: boolean;
  isInbound: boolean;
  /** The one above is of the same open group, and has its help. */
  isHelpRepeated: boolean;
}

/** One property: what it is, and the mappings that fill it. */
export function PropertyBlock({ property, editing, hasModule, isInbound, isHelpRepeated }: PropertyBlockProps) {
  const { name, declared, isMissing, places } = property;
  const { mappings, put, isReadOnly } = editing;
  const helpId = useId();
  const isUnknown = declared === undefined && hasModule && !isInbound;
  const field = isInbound ? editing.names.fields.find(({ id }) => id === name.replace(/^lead\./, ''))?.name : undefined;
  return (
    <section className={styles['property']} aria-label={name} data-missing={isMissing}>
      <div className={styles['about']}>
        <code className={styles['propertyName']}>{name}</code>
        <span className={styles['note']} id={helpId}>
          {declared?.required && <span className={styles['required']}>required</span>}
          {declared && declared.type !== 'wildcard' && <span className={styles['type']}>{declared.type}</span>}
          {(declared?.description ?? field) && (
            <span className={isHelpRepeated ? styles['spoken'] : undefined}>{declared?.description ?? field}</span>
          )}
          {declared?.deprecated && <span>It is deprecated.</span>}
          {isUnknown && <span>The module does not declare it.</span>}
        </span>
      </div>
      <div className={styles['mappings']}>
        {isMissing && (
          <div className={styles['empty']}>
            <span className={styles['missing']}>Not filled</span>
            {!isReadOnly && (
              <Button
                variant="default"
                size="compact-sm"
                aria-label={`Fill ${name}`}
                onClick={() => put(addMapping(mappings, name), `Added ${name}`)}
              >
                Fill it
              </Button>
            )}
          </div>
        )}
        {places.map((place, index) => (
          <MappingRow
            key={place}
            place={place}
            name={name}
            declared={declared}
            editing={editing}
            helpId={helpId}
            {...(places.length > 1 && { order: { index, count: places.length } })}
          />
        ))}
      </div>
    </section>
  );
}
