import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { announce } from './announce.ts';

/** How long it shows that it has copied. */
const SHOWN_MS = 1_500;

const SMALL = { size: 'xs', h: 28 } as const;

/** Copies `text`. `label` says what: "Copy the lead's id"; with `word` the button shows it, else it is an icon. */
export function CopyButton(given: { text: string; label: string; word?: string; isSmall?: boolean }) {
  const { text, label, word, isSmall = false } = given;
  const clipboard = useClipboard({ timeout: SHOWN_MS });
  const copy = () => {
    clipboard.copy(text);
    announce('Copied');
  };
  const icon = clipboard.copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />;
  if (word !== undefined)
    return (
      <Button variant="default" leftSection={icon} onClick={copy} aria-label={label} {...(isSmall && SMALL)}>
        {clipboard.copied ? 'Copied' : word}
      </Button>
    );
  return (
    <Tooltip label={clipboard.copied ? 'Copied' : label} events={{ hover: true, focus: true, touch: false }}>
      <ActionIcon variant="subtle" color="gray" c="dimmed" size={24} onClick={copy} aria-label={label}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
