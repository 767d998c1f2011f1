import { Code } from '@mantine/core';
import { useState } from 'react';
import { type ApiKey, apiKeysQuery } from '../../api/people.ts';
import { useMay } from '../../api/use-session.ts';
import type { Column } from '../../parts/DataTable.tsx';
import { ListFrame } from '../../parts/ListFrame.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PanelButton, PanelName } from '../../parts/PanelButton.tsx';
import { SecretOnce } from '../../parts/SecretOnce.tsx';
import { Time } from '../../parts/Time.tsx';
import { usePanel } from '../../parts/use-address.ts';
import { SettingsTabs } from '../settings/SettingsTabs.tsx';
import { KeyPanel } from './KeyPanel.tsx';
import { describeLimits, describeScope, STATES, stateOf } from './key-words.ts';
import { NewKeyForm } from './NewKeyForm.tsx';

const COLUMNS: readonly Column<ApiKey>[] = [
  { key: 'name', header: 'Name', wraps: true, cell: ({ id, name }) => <PanelName panel={id}>{name}</PanelName> },
  { key: 'prefix', header: 'Begins with', cell: ({ prefix }) => (prefix === null ? '–' : <Code>{prefix}</Code>) },
  { key: 'scope', header: 'May', wraps: true, cell: describeScope },
  { key: 'limits', header: 'Submits to', cell: describeLimits },
  { key: 'state', header: 'State', cell: (key) => <OutcomeBadge {...STATES[stateOf(key, Date.now())]} /> },
  {
    key: 'used',
    header: 'Last used',
    onLaptop: 'wraps',
    cell: ({ last_used_at: at }) => (at === null ? 'Never' : <Time at={at} isRelative />),
  },
  {
    key: 'expires',
    header: 'Expires',
    onLaptop: 'wraps',
    cell: ({ expires_at: at }) => (at === null ? 'Never' : <Time at={at} />),
  },
  {
    key: 'by',
    header: 'Created by',
    wraps: true,
    onLaptop: 'leaves',
    cell: ({ created_by: by }) => <bdi>{by?.name ?? '–'}</bdi>,
  },
];

const FILTERS = [
  {
    ...{ name: 'state', label: 'State', fallback: 'valid' },
    options: Object.entries(STATES).map(([value, { word }]) => ({ value, label: word })),
    has: (key: ApiKey, value: string) => stateOf(key, Date.now()) === value,
  },
];

/** Keys of programs: what each may do, and whether it is used. */
export function ApiKeysPage() {
  const { panel, close } = usePanel();
  const mayManage = useMay('keys.manage');
  const [shown, setShown] = useState<{ name: string; key: string } | null>(null);
  const show = (made: { name: string; key: string }) => {
    close();
    setShown(made);
  };
  return (
    <ListFrame
      title="API keys"
      section="Settings"
      text="What programs call the API with. A key is shown once, when it is made."
      tabs={<SettingsTabs />}
      permission="keys.manage"
      noun={['API key', 'API keys']}
      query={apiKeysQuery}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      textOf={({ name, prefix, role }) => `${name} ${prefix ?? ''} ${role ?? ''}`}
      filters={FILTERS}
      action={<PanelButton panel="new">Create an API key</PanelButton>}
      empty={{ title: 'No API keys yet', text: 'Create one for each program, so that each can be ended alone.' }}
    >
      {mayManage && panel === 'new' && <NewKeyForm close={close} show={show} />}
      {mayManage && panel !== undefined && panel !== 'new' && <KeyPanel id={panel} close={close} show={show} />}
      {shown && (
        <SecretOnce
          title="API key"
          text={`The key "${shown.name}". Programs send it as the password of HTTP Basic, with any user name.`}
          label="API key"
          secret={shown.key}
          close={() => setShown(null)}
        />
      )}
    </ListFrame>
  );
}
