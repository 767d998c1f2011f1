import { ActionIcon, Kbd, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { ENTRY_ACTIONS, type EntryKind } from './entry-actions.ts';
import type { RuleEditing } from './rule-editing.ts';
import type { RulePath } from './rule-tree.ts';
import styles from './rules.module.css';

/** What can be done with a rule or a group, each with its key. */
export function EntryMenu({ at, kind, editing }: { at: RulePath; kind: EntryKind; editing: RuleEditing }) {
  const { root, edit } = editing;
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }} width={280}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="dimmed"
          size={28}
          aria-label={`Actions of this ${kind}`}
          data-control="menu"
          className={styles['menu'] ?? ''}
        >
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {ENTRY_ACTIONS.filter(({ kinds }) => kinds.includes(kind)).map(({ name, keys, run, said }) => {
          const done = run(root, at);
          return (
            <Menu.Item
              key={name}
              disabled={done === undefined}
              rightSection={keys === undefined ? null : <Kbd size="xs">{keys.shown}</Kbd>}
              onClick={() => done && edit(done.root, said, { path: done.path, control: 'menu' })}
            >
              {name}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
