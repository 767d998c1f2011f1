import { Button, Group, Stack, Text } from '@mantine/core';
import { CodeBlock } from './CodeBlock.tsx';
import { SidePanel } from './FormPanel.tsx';

interface SecretOnceProps {
  title: string;
  /** What it is for, and what becomes of it. */
  text: string;
  /** Of the secret: `API key`. */
  label: string;
  secret: string;
  close(): void;
}

/** A secret that no answer has again. It is on the page until the panel is closed, in no address and in no cache. */
export function SecretOnce({ title, text, label, secret, close }: SecretOnceProps) {
  return (
    <SidePanel title={title} close={close}>
      <Stack gap="md">
        <Text>{text}</Text>
        <CodeBlock code={secret} label={label} />
        <Text size="sm" c="dimmed">
          It is not shown again. Copy it now, and keep it where secrets are kept.
        </Text>
        <Group>
          <Button onClick={close}>I have copied it</Button>
        </Group>
      </Stack>
    </SidePanel>
  );
}
