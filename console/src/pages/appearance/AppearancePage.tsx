import { type MantineColorScheme, Radio, Stack, Switch, useMantineColorScheme } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ConsoleSettings, saveSettings, settingsQuery } from '../../api/settings.ts';
import { useSession } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import type { Density } from '../../parts/DataTable.tsx';
import { describeError } from '../../parts/ErrorState.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Section } from '../../parts/Section.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { keepDisplay, readDisplay } from '../list/list-display.ts';
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

const SECTIONS = ['leads', 'events'] as const;

/** Both lists at once; each can be told otherwise on its page. */
function Rows() {
  const { user } = useSession();
  const place = { userId: user.id, storage: localStorage };
  const [density, setDensity] = useState<Density>(() => readDisplay({ section: 'leads', ...place }).density);
  const choose = (chosen: string) => {
    const next = chosen === 'compact' ? 'compact' : 'comfortable';
    for (const section of SECTIONS)
      keepDisplay({ ...readDisplay({ section, ...place }), density: next }, { section, ...place });
    setDensity(next);
    announce(next === 'compact' ? 'Rows are compact' : 'Rows are comfortable');
  };
  return (
    <Section title="Rows of leads and events" text="Of this browser; the columns are chosen in each list.">
      <Radio.Group aria-label="Rows of leads and events" value={density} onChange={choose}>
        <Stack gap="sm">
          <Radio value="comfortable" label="Comfortable" />
          <Radio value="compact" label="Compact: more rows on a page" />
        </Stack>
      </Radio.Group>
    </Section>
  );
}

function Keys() {
  const queries = useQueryClient();
  const { data: settings } = useQuery(settingsQuery);
  const save = useMutation({
    mutationFn: saveSettings,
    onSuccess: (saved: ConsoleSettings) => {
      queries.setQueryData(settingsQuery.queryKey, saved);
      announce(saved.singleKeys ? 'Single keys are on' : 'Single keys are off');
    },
  });
  const isOn = save.isPending ? save.variables.singleKeys : (settings?.singleKeys ?? true);
  return (
    <Section title="Keyboard" text="Of you, in every browser. Press ? for all keys.">
      <Switch
        label="Single keys"
        description="Keys without Ctrl or ⌘, such as j and k in lists. Turn them off for voice input and the like."
        checked={isOn}
        onChange={({ currentTarget: { checked } }) => save.mutate({ singleKeys: checked })}
        error={save.error ? describeError(save.error).text : undefined}
      />
    </Section>
  );
}
