import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Sentence } from './Sentence.tsx';

/** In the place of what is not there: what it would be, and one next step (`children`: one action, one command). */
export function EmptyState({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <Stack align="flex-start" gap="sm" py="lg" maw="75ch">
      <Title order={2}>{title}</Title>
      <Text c="dimmed">
        <Sentence text={text} />
      </Text>
      {children}
    </Stack>
  );
}
