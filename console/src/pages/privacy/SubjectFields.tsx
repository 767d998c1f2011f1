import { Group, Select, Textarea, TextInput } from '@mantine/core';

/** Whom something is about; it goes into no address and no title. */
export interface Subject {
  kind: 'email' | 'phone' | 'leads';
  text: string;
}

export const NOBODY: Subject = { kind: 'email', text: '' };

/** Of the server, too; it decides. */
const TEXT_CHARACTERS_MAX = 320;
const KINDS = [
  { value: 'email', label: 'An e-mail address' },
  { value: 'phone', label: 'A phone' },
  { value: 'leads', label: 'Ids of leads' },
];

/** As the API takes it. */
export function writeSubject({ kind, text }: Subject): { email: string } | { phone: string } | { lead_ids: string[] } {
  if (kind === 'email') return { email: text.trim() };
  if (kind === 'phone') return { phone: text.trim() };
  return { lead_ids: text.split(/[\s,|]+/).filter((id) => id !== '') };
}

interface SubjectFieldsProps {
  value: Subject;
  onChange(subject: Subject): void;
  error: string | undefined;
  disabled?: boolean;
}

export function SubjectFields({ value, onChange, error, disabled = false }: SubjectFieldsProps) {
  const { kind, text } = value;
  const common = {
    value: text,
    ...{ error, disabled, autoComplete: 'off', required: true },
    style: { flexGrow: 1 },
  };
  return (
    <Group gap="sm" align="flex-start" maw={640}>
      <Select
        label="By"
        data={KINDS}
        value={kind}
        onChange={(chosen) => onChange({ kind: (chosen ?? 'email') as Subject['kind'], text: '' })}
        allowDeselect={false}
        disabled={disabled}
        w={190}
      />
      {kind === 'leads' ? (
        <Textarea
          {...common}
          label="Ids of leads"
          autosize
          minRows={1}
          maxRows={6}
          onChange={({ currentTarget: { value: typed } }) => onChange({ kind, text: typed })}
        />
      ) : (
        <TextInput
          {...common}
          label={kind === 'email' ? 'E-mail address' : 'Phone'}
          onChange={({ currentTarget: { value: typed } }) => onChange({ kind, text: typed })}
          maxLength={TEXT_CHARACTERS_MAX}
        />
      )}
    </Group>
  );
}
