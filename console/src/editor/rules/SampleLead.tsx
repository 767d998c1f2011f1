import { Button, Group, Select, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { sessionQuery } from '../../api/session.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { formatTime } from '../../parts/format-time.ts';
import type { EditorNames } from '../part-props.ts';
import styles from './rules.module.css';
import { lastLeadsQuery, type Sample, takeLead } from './use-sample.ts';

interface SampleLeadProps {
  sample: Sample;
  change(next: Sample): void;
  /** Of the part that is tried. */
  path: string;
  names: EditorNames;
  /** Why the text cannot be read. */
  message: string | undefined;
  /** Names that the text can begin with: what the part reads. */
  suggested: readonly string[];
}

/** The lead for a trial: written, pasted, or one of the last leads of the flow. */
export function SampleLead({ sample, change, path, names, message, suggested }: SampleLeadProps) {
  const { data: session } = useQuery(sessionQuery);
  const mayRead = session?.permissions.includes('leads.read') ?? false;
  const { data: leads = [] } = useQuery({ ...lastLeadsQuery(names.flowId), enabled: mayRead });
  const take = useMutation({
    mutationFn: (leadId: string) => takeLead(leadId, { path, document: names.document }),
    onSuccess: change,
    gcTime: 0,
  });
  const noteId = useId();
  return (
    <div className={styles['sample']}>
      {mayRead && leads.length > 0 && (
        <Select
          label="One of the last leads"
          description="Its values are shown below; the activity log has that you looked."
          placeholder="Choose a lead"
          value={sample.leadId ?? null}
          onChange={(leadId) => leadId !== null && take.mutate(leadId)}
          data={leads.flatMap(({ id, outcome, submitted_at: at, source }) =>
            id === undefined
              ? []
              : [
                  {
                    value: id,
                    label: `${at === undefined ? id : formatTime(new Date(at), { zone: names.timeZone, now: new Date() })} · ${outcome} · ${source?.name ?? ''}`,
                  },
                ],
          )}
          disabled={take.isPending}
          comboboxProps={{ transitionProps: { duration: 0 } }}
        />
      )}
      {take.error && <FaultAlert>{describeError(take.error).text}</FaultAlert>}
      <Textarea
        label="A lead"
        description="Lines of name=value, a form, or JSON. Nothing of it is stored or sent to a recipient."
        value={sample.text}
        onChange={({ currentTarget: { value } }) => change({ ...sample, text: value })}
        placeholder={'state=TX\nemail=ann@example.com'}
        error={message}
        autosize
        minRows={3}
        maxRows={12}
        spellCheck={false}
        classNames={{ input: styles['mono'] ?? '' }}
        aria-describedby={noteId}
      />
      {sample.text.trim() === '' && suggested.length > 0 && (
        <Group gap="sm">
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => change({ ...sample, text: suggested.map((name) => `${name}=`).join('\n') })}
          >
            Write the names it reads
          </Button>
        </Group>
      )}
    </div>
  );
}
