import { Button, Group, List, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Job } from '../../../../client/src/client.ts';
import { receiptsQuery } from '../../api/account.ts';
import { api } from '../../api/client.ts';
import { isUnderWay } from '../../api/jobs.ts';
import { AskFirst } from '../../parts/AskFirst.tsx';
import { FormFault } from '../../parts/FormPanel.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { JobProgress, useJob } from '../../parts/JobProgress.tsx';
import { Section } from '../../parts/Section.tsx';
import { useChange } from '../../parts/use-change.ts';
import { NOBODY, type Subject, SubjectFields, writeSubject } from './SubjectFields.tsx';

/** What an erasure changes. */
const KEYS = [receiptsQuery.queryKey, ['leads'], ['events']];

/** First what would go, then the erasure, then its receipt. */
export function ErasePerson() {
  const [subject, setSubject] = useState<Subject>(NOBODY);
  const [previewId, setPreviewId] = useState<string | null>(null);
  const [erasureId, setErasureId] = useState<string | null>(null);
  const { data: preview } = useJob(previewId);
  const look = useChange({
    run: () => api.erase({ ...writeSubject(subject), preview: true }),
    keys: [['jobs']],
    said: 'The preview has begun',
    done: ({ job }) => setPreviewId(job.id),
  });
  const erase = useChange({
    run: () => api.erase({ ...writeSubject(subject), preview: false }),
    keys: [['jobs']],
    said: 'The erasure has begun',
    done: ({ job }) => {
      setErasureId(job.id);
      setSubject({ ...subject, text: '' });
    },
  });
  const begin = () => {
    setSubject({ ...subject, text: '' });
    setPreviewId(null);
    setErasureId(null);
    look.reset();
    erase.reset();
  };
  const isLooked = previewId !== null;
  return (
    <Section
      title="Erase a person"
      text="Every lead is looked through, in every spelling. You see what would go before anything is erased."
    >
      <form
        aria-label="Erase a person"
        onSubmit={(event) => {
          event.preventDefault();
          look.mutate();
        }}
      >
        <Stack gap="sm">
          {erasureId === null && (
            <SubjectFields value={subject} onChange={setSubject} error={firstFault(look.error)} disabled={isLooked} />
          )}
          {look.error && firstFault(look.error) === undefined && <FormFault error={look.error} />}
          <Group gap="sm">
            {isLooked ? (
              <Button variant="default" onClick={begin}>
                {erasureId === null ? 'Look for somebody else' : 'Erase somebody else'}
              </Button>
            ) : (
              <Button type="submit" loading={look.isPending} disabled={subject.text.trim() === ''}>
                Preview what would go
              </Button>
            )}
          </Group>
        </Stack>
      </form>
      {previewId !== null && erasureId === null && <JobProgress id={previewId} />}
      {preview && !isUnderWay(preview) && preview.state !== 'failed' && erasureId === null && (
        <Stack gap="sm" align="flex-start">
          <Found job={preview} />
          <AskFirst
            button="Erase for good…"
            title="Erase this person?"
            verb="Erase for good"
            keep="Erase nothing"
            run={() => erase.mutate()}
            isRunning={erase.isPending}
            error={erase.error}
          >
            <List size="sm" spacing={4}>
              <List.Item>Values, requests and answers of the leads go, and words in reasons and notes.</List.Item>
              <List.Item>Retries that wait are cancelled. Outcomes, prices and times stay.</List.Item>
              <List.Item>What recipients and webhooks have received stays with them: ask them.</List.Item>
              <List.Item>It cannot be taken back.</List.Item>
            </List>
          </AskFirst>
        </Stack>
      )}
      {erasureId !== null && <JobProgress id={erasureId} keys={KEYS} />}
    </Section>
  );
}

/** Of the one field there is. */
function firstFault(error: unknown): string | undefined {
  return Object.values(findFieldErrors(error))[0];
}

function Found({ job: { counters } }: { job: Job }) {
  const isNothing = Object.values(counters).every((count) => count === 0);
  return (
    <Text size="sm" maw="75ch">
      {isNothing
        ? 'No lead has this person. Files of exports and batches may still have them: an erasure looks there, too.'
        : 'A lead that has the person anywhere is one of theirs, also where they are named as a reference: look at the ids in preview.json.'}
    </Text>
  );
}
