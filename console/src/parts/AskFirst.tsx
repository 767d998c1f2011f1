import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { describeError } from './ErrorState.tsx';
import { FaultAlert } from './FaultAlert.tsx';

interface AskFirstProps {
  /** On the button that asks: `Remove…`. */
  button: string;
  /** `Remove this user?` */
  title: string;
  /** What happens, and what stays. */
  children: ReactNode;
  /** What is done then: `Remove user`. */
  verb: string;
  keep?: string;
  run(): void;
  isRunning: boolean;
  error: unknown;
  /** In a row of a table. */
  isSmall?: boolean;
}

/** A button that asks in its place before something that cannot be taken back; no dialog over a panel. */
export function AskFirst(given: AskFirstProps) {
  const { button, title, children, verb, keep = 'Keep it', run, isRunning, error, isSmall = false } = given;
  const [isAsked, setAsked] = useState(false);
  const answer = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsked) answer.current?.focus();
  }, [isAsked]);
  if (!isAsked)
    return (
      <Button variant="default" onClick={() => setAsked(true)} size={isSmall ? 'compact-sm' : 'sm'}>
        {button}
      </Button>
    );
  return (
    <Alert variant="outline" title={title} role="group" aria-label={title} data-asks maw={640} w="100%">
      <Stack gap="sm" align="flex-start">
        <Text component="div" size="sm">
          {children}
        </Text>
        {error ? <FaultAlert>{describeError(error).text}</FaultAlert> : null}
        <Group gap="sm">
          <Button onClick={run} loading={isRunning} ref={answer}>
            {verb}
          </Button>
          <Button variant="default" onClick={() => setAsked(false)}>
            {keep}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
