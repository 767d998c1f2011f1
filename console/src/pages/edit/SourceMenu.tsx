import { Button, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { SourceActions } from './source-actions.ts';
import { useEdit } from './use-edit.ts';

interface SourceMenuProps {
  index: number;
  name: string;
  isOn: boolean;
  isLast: boolean;
  actions: SourceActions;
}

/** What can be done with a source as a whole. */
export function SourceMenu({ index, name, isOn, isLast, actions }: SourceMenuProps) {
  const { openPanel } = useEdit();
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Button
          {...{ variant: 'default', size: 'compact-sm' }}
          rightSection={<IconDots size={16} aria-hidden />}
          aria-label={`More for ${name}`}
        >
          More
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => openPanel(`sources.${index}`)}>Edit</Menu.Item>
        <Menu.Item onClick={() => openPanel(`sources.${index}.feedback`)}>Feedback</Menu.Item>
        <Menu.Item onClick={() => actions.duplicate(index)}>Duplicate</Menu.Item>
        <Menu.Item onClick={() => actions.toggle(index)}>{isOn ? 'Switch off' : 'Switch on'}</Menu.Item>
        <Menu.Divider />
        <Menu.Item disabled={index === 0} onClick={() => actions.move(index, index - 1)}>
          Move up
        </Menu.Item>
        <Menu.Item disabled={isLast} onClick={() => actions.move(index, index + 1)}>
          Move down
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => actions.remove(index)}>Remove…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
