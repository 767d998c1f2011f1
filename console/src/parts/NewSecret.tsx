import { Stack, Title } from '@mantine/core';
import type { QueryKey } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMay } from '../api/use-session.ts';
import { AskFirst } from './AskFirst.tsx';
import { useChange } from './use-change.ts';

interface NewSecretProps {
  rotate(): Promise<{ secret: string }>;
  /** What is read anew then. */
  keys: readonly QueryKey[];
  /** It is shown once. */
  show(secret: string): void;
  /** What happens until the other side knows it. */
  children: ReactNode;
}

/** Replaces the secret that something signs with, for those who may. */
export function NewSecret({ rotate, keys, show, children }: NewSecretProps) {
  const mayRotate = useMay('credentials.manage');
  const change = useChange({
    ...{ run: rotate, keys, said: 'There is a new secret' },
    done: ({ secret }) => show(secret),
  });
  if (!mayRotate) return null;
  return (
    <Stack gap="sm" align="flex-start">
      <Title order={3}>Secret</Title>
      <AskFirst
        button="New secret…"
        title="Make a new secret?"
        verb="Make a secret"
        keep="Not now"
        run={() => change.mutate()}
        isRunning={change.isPending}
        error={change.error}
      >
        {children}
      </AskFirst>
    </Stack>
  );
}
