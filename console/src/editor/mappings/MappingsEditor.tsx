import { Button, Group, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Integration, Mapping } from '../../../../src/model/mapping.ts';
import { modulesQuery } from '../../api/vocabulary.ts';
import { Delayed } from '../../parts/Delayed.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import type { PartProps } from '../part-props.ts';
import { FaultLines } from '../rules/FaultLines.tsx';
import { SampleLead } from '../rules/SampleLead.tsx';
import { useSample } from '../rules/use-sample.ts';
import { useVariables } from '../rules/use-variables.ts';
import { AddProperty } from './AddProperty.tsx';
import { CredentialPicker } from './CredentialPicker.tsx';
import { addMapping } from './edit-mappings.ts';
import { listProperties, type Property } from './list-properties.ts';
import { ModulePicker } from './ModulePicker.tsx';
import { type MappingEditing, useSampleVars } from './mapping-editing.ts';
import styles from './mappings.module.css';
import { PropertyBlock } from './PropertyBlock.tsx';
import { RequestPreview } from './RequestPreview.tsx';

export interface MappingsEditorProps extends PartProps<Integration> {
  /** Of the step, which has it beside its integration; without it a secret is kept in a mapping of `credential_id`. */
  credential?: Pick<PartProps<string>, 'value' | 'change'>;
}

/** A module, what fills its properties, and the request that comes of it. */
export function MappingsEditor(given: MappingsEditorProps) {
  const { value, change, path, faults, names, isReadOnly, credential } = given;
  const { data: modules, error, refetch } = useQuery(modulesQuery);
  const vocabulary = useVariables(names, path);
  const [sample, setSample] = useSample(names.flowId);
  const sampled = useSampleVars(names, sample, path);
  const [isSampleOpen, setSampleOpen] = useState(false);
  const mappings = useMemo(() => (Array.isArray(value?.mappings) ? value.mappings : []), [value]);
  const module = modules?.find(({ id }) => id === value?.module_id);
  const hasCredential = Boolean(credential?.value);
  const properties = useMemo(
    () => listProperties({ module, mappings, hasCredential }),
    [module, mappings, hasCredential],
  );
  if (error && modules === undefined) return <ErrorState error={error} reset={() => void refetch()} />;
  if (modules === undefined)
    return (
      <Delayed>
        <Skeleton height={200} aria-label="Reading the modules" />
      </Delayed>
    );
  const put = (next: readonly Mapping[], what: string) =>
    change({ ...(value ?? { module_id: '' }), mappings: [...next] }, what);
  const editing: MappingEditing = { mappings, put, path, faults, names, isReadOnly, vocabulary, sampled, credential };
  const isInbound = isOfSource(path);
  const missing = properties.filter(({ isMissing }) => isMissing);
  return (
    <div className={styles['editor']}>
      <ModulePicker
        {...{ modules, isInbound, isReadOnly }}
        value={value?.module_id ?? ''}
        pick={(moduleId, name) =>
          change({ ...value, mappings: [...mappings], module_id: moduleId }, `Chose the module ${name}`)
        }
        faults={faults.filter((fault) => fault.path === `${path}.module_id` || fault.path === path)}
      />
      {credential && !isInbound && (
        <CredentialPicker
          {...credential}
          path={path.replace(/integration$/, 'credential_id')}
          {...{ faults, names, isReadOnly }}
        />
      )}
      <section className={styles['properties']} aria-label="Properties">
        <div className={styles['titleLine']}>
          <h3>{isInbound ? 'What is changed of a lead that comes in' : 'What the recipient gets'}</h3>
          <Button
            variant="subtle"
            size="compact-sm"
            aria-expanded={isSampleOpen}
            onClick={() => setSampleOpen(!isSampleOpen)}
          >
            {sampled.isExample ? 'Shown with example values' : 'Shown with your lead'}
          </Button>
        </div>
        {missing.length > 0 && (
          <p className={styles['missing']} role="status">
            {missing.length === 1 ? 'One required property is' : `${missing.length} required properties are`} not
            filled.
          </p>
        )}
        {isSampleOpen && (
          <SampleLead
            {...{ sample, path, names }}
            change={setSample}
            message={sampled.message}
            suggested={names.document.fields}
          />
        )}
        <FaultLines faults={faults.filter((fault) => fault.path === `${path}.mappings`)} />
        {properties.length === 0 && (
          <p className={styles['note']}>
            {isInbound
              ? 'Nothing: fields are read by their own names. Add a mapping for a name that the source writes otherwise.'
              : 'Nothing is mapped yet.'}
          </p>
        )}
        <ul className={styles['list']}>
          {properties.map((property, index) => (
            <li key={property.name}>
              <PropertyBlock
                property={property}
                editing={editing}
                hasModule={module !== undefined}
                isInbound={isInbound}
                isHelpRepeated={isOfSameGroup(properties[index - 1], property)}
              />
            </li>
          ))}
        </ul>
        {!isReadOnly && (
          <Group gap="sm">
            <AddProperty
              {...{ module, mappings, hasCredential, isInbound, names }}
              add={(name) => put(addMapping(mappings, name), `Added ${name}`)}
            />
          </Group>
        )}
      </section>
      {!isInbound && value !== undefined && <RequestPreview integration={value} {...{ path, names, sampled }} />}
    </div>
  );
}

/** Of an open group such as `header.*` the first property has the help. */
function isOfSameGroup(above: Property | undefined, { declared }: Property): boolean {
  return declared !== undefined && above?.declared === declared;
}

/** What a source sends is read; everything else is sent. */
function isOfSource(path: string): boolean {
  return /^sources\.\d+\.integration$/.test(path);
}
