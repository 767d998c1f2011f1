import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** A part of a page under its own heading. */
export function Section({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <Stack component="section" gap="sm" align="stretch" aria-label={title}>
      <div>
        <Title order={2}>{title}</Title>
        {text !== undefined && (
          <Text c="dimmed" size="sm" maw="75ch" style={{ textWrap: 'balance' }}>
            {text}
          </Text>
        )}
      </div>
      {children}
    </Stack>
  );
}
