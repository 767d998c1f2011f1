import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { ModuleVariable } from '../../../../client/src/client.ts';
import { findSecretSign } from '../../../../src/lib/secret-signs.ts';
import type { Mapping } from '../../../../src/model/mapping.ts';
import { describeRuleSet } from '../rules/describe-rule-set.ts';
import { FaultLines } from '../rules/FaultLines.tsx';
import { Raw } from '../rules/Raw.tsx';
import { RuleSetEditor } from '../rules/RuleSetEditor.tsx';
import { TemplateInput } from '../rules/TemplateInput.tsx';
import {
  addMapping,
  duplicateMapping,
  listTemplates,
  moveMapping,
  readValue,
  removeMapping,
  replaceMapping,
  writeValue,
} from './edit-mappings.ts';
import { MoveSecret } from './MoveSecret.tsx';
import type { MappingEditing } from './mapping-editing.ts';
import styles from './mappings.module.css';
import { Rendered } from './Rendered.tsx';

interface MappingRowProps {
  /** Among the mappings. */
  place: number;
  name: string;
  declared: ModuleVariable | undefined;
  editing: MappingEditing;
  helpId: string;
  /** Among those of the same property; the last one that applies counts. */
  order?: { index: number; count: number };
}

/** What fills a property, when, and what it comes to. */
export function MappingRow({ place, name, declared, editing, helpId, order }: MappingRowProps) {
  const { mappings, put, path, faults, names, isReadOnly, vocabulary, sampled } = editing;
  const [isRuleOpen, setRuleOpen] = useState(false);
  const faultsId = useId();
  const mapping = mappings[place];
  if (mapping === undefined) return null;
  const where = `${path}.mappings.${place}`;
  const own = faults.filter(
    (fault) => fault.path.startsWith(`${where}.`) && !fault.path.startsWith(`${where}.rule_set`),
  );
  const label = order === undefined ? `Value of ${name}` : `Value ${order.index + 1} of ${name}`;
  const change = (next: Mapping, what: string) => put(replaceMapping(mappings, place, next), what);
  const text = writeValue(mapping.value);
  const sign = text === undefined ? undefined : findSecretSign(name.split('.').at(-1) ?? name, text.trim());
  const condition = describeRuleSet(mapping.rule_set, names);
  return (
    <div className={styles['mapping']}>
      {order !== undefined && order.index === 0 && (
        <p className={styles['note']}>Of these the last one that applies counts.</p>
      )}
      <div className={styles['valueLine']}>
        {text === undefined ? (
          <ListValue {...{ mapping, change, label, editing, describedBy: helpId }} />
        ) : (
          <TemplateInput
            value={text}
            change={(next) => change({ ...mapping, value: readValue(next, mapping.value) }, `Changed ${name}`)}
            label={label}
            variables={vocabulary.variables}
            isReadOnly={isReadOnly}
            isInvalid={own.some(({ level }) => level === 'error')}
            placeholder={placeholderOf(declared)}
            describedBy={own.length > 0 ? `${helpId} ${faultsId}` : helpId}
            control="value"
          />
        )}
        {!isReadOnly && (
          <MappingMenu
            {...{ place, name, editing, hasOrder: order !== undefined, openRules: () => setRuleOpen(true) }}
          />
        )}
      </div>
      {text?.includes('{{') && <Rendered template={text} {...{ sampled, names }} />}
      {Array.isArray(mapping.value) &&
        listTemplates(mapping.value).map((template) => (
          <Rendered key={template} template={template} {...{ sampled, names }} />
        ))}
      <FaultLines faults={own} id={faultsId} />
      {sign !== undefined && !own.some(({ path: at }) => at === `${where}.value`) && (
        <FaultLines
          faults={[
            { path: where, level: 'warning', message: `${sign}, and everybody who may read this flow can read it.` },
          ]}
        />
      )}
      {sign !== undefined && text !== undefined && !isReadOnly && (
        <MoveSecret {...{ mapping, text, change, editing }} />
      )}
      {(condition !== '' || isRuleOpen || mapping.rule_set) && (
        <div className={styles['condition']}>
          <Button
            variant="subtle"
            size="compact-sm"
            aria-expanded={isRuleOpen}
            onClick={() => setRuleOpen(!isRuleOpen)}
          >
            {isRuleOpen ? 'Close the rules' : `Only when ${condition === '' ? 'rules hold' : condition}`}
          </Button>
        </div>
      )}
      {isRuleOpen && (
        <div className={styles['rules']}>
          <RuleSetEditor
            value={mapping.rule_set ?? undefined}
            change={(ruleSet, what) => {
              const { rule_set: _before, ...others } = mapping;
              change(ruleSet === undefined ? others : { ...mapping, rule_set: ruleSet }, what);
            }}
            path={`${where}.rule_set`}
            {...{ faults, names, isReadOnly }}
          />
        </div>
      )}
    </div>
  );
}

function placeholderOf(declared: ModuleVariable | undefined): string {
  const [example] = declared?.examples ?? [];
  if (declared?.default !== undefined) return `Default: ${declared.default}`;
  return example === undefined ? 'A value, or {{ for a field' : String(example);
}

interface MappingMenuProps {
  place: number;
  name: string;
  editing: MappingEditing;
  hasOrder: boolean;
  openRules(): void;
}

function MappingMenu({ place, name, editing, hasOrder, openRules }: MappingMenuProps) {
  const { mappings, put } = editing;
  const [up, down] = (['up', 'down'] as const).map((direction) => moveMapping(mappings, place, direction));
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <ActionIcon
          className={styles['menu'] ?? ''}
          variant="subtle"
          color="gray"
          c="dimmed"
          size={28}
          aria-label={`Actions of ${name}${hasOrder ? `, value ${place + 1}` : ''}`}
        >
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={openRules}>Only for some leads…</Menu.Item>
        <Menu.Item onClick={() => put(addMapping(mappings, name), `Added a value to ${name}`)}>
          Add another value
        </Menu.Item>
        <Menu.Item onClick={() => put(duplicateMapping(mappings, place), `Duplicated a value of ${name}`)}>
          Duplicate
        </Menu.Item>
        <Menu.Item disabled={up === undefined} onClick={() => up && put(up, 'Moved up')}>
          Move up
        </Menu.Item>
        <Menu.Item disabled={down === undefined} onClick={() => down && put(down, 'Moved down')}>
          Move down
        </Menu.Item>
        <Menu.Item onClick={() => put(removeMapping(mappings, place), `Removed ${name}`)}>Remove</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface ListValueProps {
  mapping: Mapping;
  change(next: Mapping, what: string): void;
  label: string;
  editing: MappingEditing;
  describedBy: string;
}

/** A list has a field for each member; null and lists with null are shown as they are. */
function ListValue({ mapping, change, label, editing, describedBy }: ListValueProps) {
  const { vocabulary, isReadOnly } = editing;
  const { value } = mapping;
  const put = (next: string[]) => change({ ...mapping, value: next }, `Changed ${mapping.property}`);
  if (!Array.isArray(value) || value.some((member) => typeof member !== 'string'))
    return (
      <Raw
        value={value}
        reason={value === null ? 'Nothing is given for the property.' : 'A value that is not a text.'}
        {...(!isReadOnly && { remove: () => change({ ...mapping, value: '' }, `Emptied ${mapping.property}`) })}
      />
    );
  const members = value.map(String);
  return (
    <div className={styles['members']}>
      {members.map((member, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a member that is written in must keep its focus
        <div key={index} className={styles['valueLine']}>
          <TemplateInput
            value={member}
            change={(next) => put(members.with(index, next))}
            label={`${label}, member ${index + 1}`}
            variables={vocabulary.variables}
            isReadOnly={isReadOnly}
            describedBy={describedBy}
          />
          {!isReadOnly && (
            <Button
              variant="subtle"
              size="compact-sm"
              aria-label={`Remove member ${index + 1}`}
              onClick={() => put(members.toSpliced(index, 1))}
            >
              Remove
            </Button>
          )}
        </div>
      ))}
      {!isReadOnly && (
        <Button variant="subtle" size="compact-sm" onClick={() => put([...members, ''])}>
          Add a member
        </Button>
      )}
    </div>
  );
}
