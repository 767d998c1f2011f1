import { type MantineColorScheme, Radio, Stack, Switch, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { settingsQuery, useSaveSettings } from '../../api/settings.ts';
import { announce } from '../../parts/announce.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Section } from '../../parts/Section.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { useDensity } from '../../parts/use-density.ts';
import { useTitle } from '../../parts/use-title.ts';
import { SettingsTabs } from '../settings/SettingsTabs.tsx';

/** How the console looks and listens to keys, for oneself. */
export function AppearancePage() {
  useTitle('Appearance', 'Settings');
  return (
    <>
      <PageHeader title="Appearance" text="How the console looks to you." />
      <SettingsTabs />
      <Stack gap="xl">
        <Theme />
        <Rows />
        <Keys />
      </Stack>
    </>
  );
}

const SCHEMES: readonly { value: MantineColorScheme; label: string }[] = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'auto', label: 'As the system' },
];

function Theme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title="Theme" text="Of this browser.">
      <Radio.Group
        aria-label="Theme"
        value={colorScheme}
        onChange={(chosen) => setColorScheme(SCHEMES.find(({ value }) => value === chosen)?.value ?? 'auto')}
      >
        <Stack gap="sm">
          {SCHEMES.map(({ value, label }) => (
            <Radio key={value} value={value} label={label} />
          ))}
        </Stack>
      </Radio.Group>
    </Section>
  );
}

/** Of every list and table. */
function Rows() {
  const { density, choose, error } = useDensity();
  return (
    <Section
      title="Rows"
      text="Of every list, in every browser; the columns of leads and events are chosen in each list."
    >
      <Radio.Group
        aria-label="Rows"
        value={density}
        onChange={(chosen) => choose(chosen === 'compact' ? 'compact' : 'comfortable')}
        error={error && <Sentence text={describeError(error).text} />}
      >
        <Stack gap="sm">
          <Radio value="comfortable" label="Comfortable" />
          <Radio value="compact" label="Compact: more rows on a page" />
        </Stack>
      </Radio.Group>
    </Section>
  );
}

function Keys() {
  const { data: settings } = useQuery(settingsQuery);
  const save = useSaveSettings(({ singleKeys }) => announce(singleKeys ? 'Single keys are on' : 'Single keys are off'));
  const isOn = (save.isPending ? save.variables.singleKeys : settings?.singleKeys) ?? true;
  return (
    <Section title="Keyboard" text="Of you, in every browser. Press ? for all keys.">
      <Switch
        label="Single keys"
        description="Keys without Ctrl or ⌘, such as j and k in lists. Turn them off for voice input and the like."
        checked={isOn}
        onChange={({ currentTarget: { checked } }) => save.mutate({ singleKeys: checked })}
        error={save.error && <Sentence text={describeError(save.error).text} />}
      />
    </Section>
  );
}
