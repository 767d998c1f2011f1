import { Button, Stack, Text, Title } from '@mantine/core';
import { SluiceError } from '../../../client/src/client.ts';
import classes from './ErrorState.module.css';
import { Sentence } from './Sentence.tsx';

/** What failed and what to do, in the place of what could not be shown. */
export function ErrorState({ error, reset }: { error: unknown; reset?: () => void }) {
  const { title, text } = describeError(error);
  return (
    <Stack role="alert" align="flex-start" gap="sm" py="lg">
      <Title order={2}>{title}</Title>
      <Text c="dimmed" maw="min(75ch, 100%)" className={classes['text'] ?? ''}>
        <Sentence text={text} />
      </Text>
      {reset && (
        <Button variant="default" onClick={reset}>
          Try again
        </Button>
      )}
    </Stack>
  );
}

/** In words: what failed, why, and what to do. `request` names route and status, never a value. */
export function describeError(error: unknown): { title: string; text: string } {
  if (!(error instanceof SluiceError))
    return {
      title: 'This part of the page failed',
      text: `The console has a fault: ${error instanceof Error ? error.message : String(error)} Load the page again.`,
    };
  const { status, message, request, traceId } = error;
  if (status === 403) return { title: 'You may not see this', text: `${message} An owner can give it to you.` };
  if (status === 404) return { title: 'There is no such thing', text: message };
  if (status === null)
    return {
      title: 'The server was not reached',
      text: `${message} Check your connection, then try again. (${request}.)`,
    };
  const trace = traceId === null ? '' : `, trace ${traceId}`;
  const next = status === 500 ? ' Try again; if it stays, give the trace to who runs the server.' : '';
  const title = TITLES[status] ?? 'The server could not answer';
  return { title, text: `${message}${next} (${request} answered ${status}${trace}.)` };
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The server did not understand the request',
  409: 'It was changed meanwhile, or is in use',
  413: 'It is too large',
  422: 'The server does not take it as it is',
  429: 'It was asked too often',
};
