import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** The one h1 of a page, what belongs beside it, and its actions at the end of the line. */
export function PageHeader({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <Group justify="space-between" align="flex-start" gap="sm" mb="sm">
      <div>
        <Title order={1}>{title}</Title>
        {text !== undefined && (
          <Text c="dimmed" size="sm" maw="75ch" style={{ textWrap: 'balance' }}>
            {text}
          </Text>
        )}
      </div>
      {children !== undefined && <Group gap="sm">{children}</Group>}
    </Group>
  );
}
