import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { FormFault } from '../../parts/FormPanel.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { JobProgress } from '../../parts/JobProgress.tsx';
import { Section } from '../../parts/Section.tsx';
import { useChange } from '../../parts/use-change.ts';
import { NOBODY, type Subject, SubjectFields, writeSubject } from './SubjectFields.tsx';

/** Somebody asks what is kept of them. */
export function ExportPerson() {
  const [subject, setSubject] = useState<Subject>(NOBODY);
  const [jobId, setJobId] = useState<string | null>(null);
  const start = useChange({
    run: () => api.exportPerson(writeSubject(subject)),
    keys: [['jobs']],
    said: 'The export has begun',
    done: ({ job }) => {
      setJobId(job.id);
      setSubject({ ...subject, text: '' });
    },
  });
  const fault = Object.values(findFieldErrors(start.error))[0];
  return (
    <Section
      title="Export a person"
      text="A file with all that is kept of a person: leads, events, feedback, and the names of lists. It is kept for seven days."
    >
      <form
        aria-label="Export a person"
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate();
        }}
      >
        <Stack gap="sm">
          <SubjectFields value={subject} onChange={setSubject} error={fault} />
          {start.error && fault === undefined && <FormFault error={start.error} />}
          <Group>
            <Button type="submit" variant="default" loading={start.isPending} disabled={subject.text.trim() === ''}>
              Export
            </Button>
          </Group>
        </Stack>
      </form>
      {jobId !== null && <JobProgress id={jobId} key={jobId} />}
    </Section>
  );
}
