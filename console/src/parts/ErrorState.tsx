import { Button, Stack, Text, Title } from '@mantine/core';
import { SluiceError } from '../../../client/src/client.ts';
import classes from './ErrorState.module.css';

/** What failed and what to do, in the place of what could not be shown. */
export function ErrorState({ error, reset }: { error: unknown; reset?: () => void }) {
  const { title, text } = describeError(error);
  return (
    <Stack role="alert" align="flex-start" gap="sm" p="lg">
      <Title order={2}>{title}</Title>
      <Text c="dimmed" maw="min(75ch, 100%)" className={classes['text'] ?? ''}>
        {text}
      </Text>
      {reset && (
        <Button variant="default" onClick={reset}>
          Try again
        </Button>
      )}
    </Stack>
  );
}

/** In words; `request` names route and status, never a value. */
export function describeError(error: unknown): { title: string; text: string } {
  if (!(error instanceof SluiceError))
    return { title: 'This part of the page failed', text: error instanceof Error ? error.message : String(error) };
  if (error.status === 403)
    return { title: 'You may not see this', text: `${error.message} An owner can give it to you.` };
  if (error.status === 404) return { title: 'There is no such thing', text: error.message };
  const place = error.status === null ? error.request : `${error.request} answered ${error.status}`;
  return { title: 'The server could not answer', text: `${error.message} (${place}.)` };
}
