import { Button, Group, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Simulation } from '../../../../client/src/client.ts';
import type { FlowDocument } from '../../../../src/model/flow.ts';
import { fieldsQuery } from '../../api/library.ts';
import { toFlow } from '../../editor/changes/plain-document.ts';
import { buildSampleLead } from '../setup/sample-lead.ts';
import { Assumptions } from './Assumptions.tsx';
import { PASTED_CHARACTERS_MAX, type Pasted, readPasted } from './read-pasted.ts';
import styles from './test-leads.module.css';

export type Assumed = Pick<Simulation, 'lists' | 'answers'>;

export interface LeadToTest {
  kind: 'fields' | 'pasted';
  /** By field. */
  values: Record<string, string>;
  text: string;
  /** Of `text`. */
  pasted?: Pasted;
  assume: Assumed;
  /** When it comes, ISO 8601; absent: when it is run. */
  now?: string;
}

interface LeadInputProps {
  document: FlowDocument;
  lead: LeadToTest;
  setLead: (lead: LeadToTest) => void;
  run: () => void;
  isRunning: boolean;
}

/** Fields that stand there at once; the others are behind a button. */
const FIELDS_SHOWN = 12;

/** The values of a test lead: by field, or as somebody sent them; and what lists and recipients say. */
export function LeadInput({ document, lead, setLead, run, isRunning }: LeadInputProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run();
  };
  const isReady = lead.kind === 'fields' || lead.pasted?.ok === true;
  return (
    <form onSubmit={submit} aria-label="Test lead">
      <Stack gap="md">
        <SegmentedControl
          aria-label="How the lead is given"
          data={[
            { value: 'fields', label: 'Fields' },
            { value: 'pasted', label: 'Paste' },
          ]}
          value={lead.kind}
          onChange={(kind) => setLead({ ...lead, kind: kind === 'pasted' ? 'pasted' : 'fields' })}
        />
        {lead.kind === 'fields' ? (
          <FieldInputs document={document} values={lead.values} setValues={(values) => setLead({ ...lead, values })} />
        ) : (
          <PastedInput lead={lead} setLead={setLead} />
        )}
        <Assumptions document={document} assume={lead.assume} setAssume={(assume) => setLead({ ...lead, assume })} />
        <Button type="submit" loading={isRunning} disabled={!isReady} className={styles['start'] ?? ''}>
          Run the test lead
        </Button>
      </Stack>
    </form>
  );
}

function FieldInputs(given: {
  document: FlowDocument;
  values: Record<string, string>;
  setValues: (values: Record<string, string>) => void;
}) {
  const { document, values, setValues } = given;
  const known = useQuery(fieldsQuery).data ?? [];
  const [areAllShown, setAllShown] = useState(false);
  const ids = [...new Set([...toFlow(document).fields, ...Object.keys(values)])];
  const fields = ids.map(
    (id) => known.find((field) => field.id === id) ?? { id, name: id, type: 'string', examples: [] },
  );
  const shown = areAllShown ? fields : fields.slice(0, FIELDS_SHOWN);
  const sample = () =>
    setValues(
      buildSampleLead(
        fields.map(({ id, type, examples = [] }) => ({ name: id, type, examples })),
        'test',
      ),
    );
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Button variant="default" size="compact-sm" onClick={sample}>
          Fill with samples
        </Button>
        <Button variant="default" size="compact-sm" onClick={() => setValues({})}>
          Clear
        </Button>
      </Group>
      {fields.length === 0 && <Text c="dimmed">The flow keeps no field yet.</Text>}
      <div className={styles['fields']}>
        {shown.map(({ id, name }) => (
          <TextInput
            key={id}
            label={name}
            value={values[id] ?? ''}
            onChange={({ currentTarget: { value } }) => setValues({ ...values, [id]: value })}
            autoComplete="off"
          />
        ))}
      </div>
      {fields.length > shown.length && (
        <Button variant="default" size="compact-sm" className={styles['start'] ?? ''} onClick={() => setAllShown(true)}>
          Show {fields.length - shown.length} more fields
        </Button>
      )}
    </Stack>
  );
}

function PastedInput({ lead, setLead }: Pick<LeadInputProps, 'lead' | 'setLead'>) {
  const { text, pasted } = lead;
  return (
    <Textarea
      label="JSON, a form body, or a curl command"
      description={
        pasted?.ok
          ? `Read as ${pasted.kind === 'JSON' ? 'JSON' : `a ${pasted.kind}`}. Keys of a command are left out.`
          : 'Values are kept on this page alone.'
      }
      autosize
      minRows={8}
      maxRows={20}
      maxLength={PASTED_CHARACTERS_MAX}
      value={text}
      error={text !== '' && pasted?.ok === false ? pasted.problem : undefined}
      onChange={({ currentTarget: { value } }) => setLead({ ...lead, text: value, pasted: readPasted(value) })}
      classNames={{ input: styles['mono'] ?? '' }}
      spellCheck={false}
    />
  );
}
