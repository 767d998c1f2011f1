import { Button, Group, Stack, Switch, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { PostingSettings } from '../../api/posting-links.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';

const NOTHING: PostingSettings = {
  contact: null,
  shows_caps: false,
  shows_prices: false,
  hides_rules: false,
  allows_live_tests: false,
};

const SWITCHES = [
  ['shows_caps', 'Show caps', 'How many leads are taken in a day, and the like.'],
  ['shows_prices', 'Show prices', 'What is paid for a lead.'],
  ['hides_rules', 'Hide rules', 'The page says only how many there are, and which fields are required.'],
  ['allows_live_tests', 'Allow live tests', 'The page may post a real lead, where the source needs no key.'],
] as const;

interface LinkFormProps {
  /** null: the link is made. */
  before: PostingSettings | null;
  save(settings: PostingSettings): void;
  isSaving: boolean;
  error: Error | null;
  cancel(): void;
}

/** What a link shows. */
export function LinkForm({ before, save, isSaving, error, cancel }: LinkFormProps) {
  const [settings, setSettings] = useState(() => pick(before ?? NOTHING));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save(settings);
  };
  return (
    <form onSubmit={submit} aria-label={before === null ? 'Create link' : 'Change what the link shows'}>
      <Stack gap="md">
        <TextInput
          label="Questions to"
          description="Whom vendors ask, such as a name and an e-mail address. It is shown on the page."
          value={settings.contact ?? ''}
          onChange={({ currentTarget: { value } }) =>
            setSettings({ ...settings, contact: value === '' ? null : value })
          }
          maxLength={CONTACT_CHARACTERS_MAX}
        />
        {SWITCHES.map(([name, label, description]) => (
          <Switch
            key={name}
            label={label}
            description={description}
            checked={settings[name]}
            onChange={({ currentTarget: { checked } }) => setSettings({ ...settings, [name]: checked })}
          />
        ))}
        {error && <FaultAlert>{describeError(error).text}</FaultAlert>}
        <Group gap="sm">
          <Button type="submit" loading={isSaving}>
            {before === null ? 'Create link' : 'Save'}
          </Button>
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** As the server has it. */
const CONTACT_CHARACTERS_MAX = 200;

/** Of a link, without what is not a setting. */
function pick({ contact, shows_caps, shows_prices, hides_rules, allows_live_tests }: PostingSettings): PostingSettings {
  return { contact, shows_caps, shows_prices, hides_rules, allows_live_tests };
}
