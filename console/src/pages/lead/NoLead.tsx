import { Button, Stack, Text, TextInput, Title } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import styles from './lead.module.css';
import { readLeadId } from './read-lead-id.ts';

/** No lead has this id: what may be the cause, and a way to another one. */
export function NoLead({ leadId, lookAgain, isLooking }: { leadId: string; lookAgain(): void; isLooking: boolean }) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <Stack gap="md" align="flex-start" maw={640}>
      <Title order={1}>There is no such lead</Title>
      <Text>
        No lead of this account has the id <code className={styles['long']}>{leadId.slice(0, 40)}</code>. It may still
        be under way and appears when its flow ends; it may be past the retention period; or the id is mistyped.
      </Text>
      <Button variant="default" onClick={lookAgain} loading={isLooking}>
        Look again
      </Button>
      <form
        className={styles['wide']}
        onSubmit={(event) => {
          event.preventDefault();
          const id = readLeadId(text);
          if (id === undefined) setProblem('The id of a lead has 24 digits and letters from a to f.');
          else navigate({ to: '/leads/$leadId', params: { leadId: id } });
        }}
      >
        <Stack align="flex-start">
          <TextInput
            label="Another lead"
            description="Its id, or any text that has it"
            value={text}
            error={problem}
            w="100%"
            maw={320}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit">Go to the lead</Button>
        </Stack>
      </form>
    </Stack>
  );
}
