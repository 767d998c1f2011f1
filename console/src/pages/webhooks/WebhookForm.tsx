import { Box, Checkbox, MultiSelect, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Webhook, webhooksQuery } from '../../api/account.ts';
import { api } from '../../api/client.ts';
import { flowNamesQuery } from '../../api/flows.ts';
import { FormPanel } from '../../parts/FormPanel.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { NameInput } from '../../parts/NameInput.tsx';
import { UrlInput } from '../../parts/UrlInput.tsx';
import { useChange } from '../../parts/use-change.ts';
import { OUTCOMES, TYPES } from './webhook-words.ts';

interface WebhookFormProps {
  /** null: one is made. */
  before: Webhook | null;
  close(): void;
  /** Its secret, which is shown once. */
  show(secret: string): void;
}

/** Where events go, and which. */
export function WebhookForm({ before, close, show }: WebhookFormProps) {
  const { data: flows = [] } = useQuery(flowNamesQuery);
  const [name, setName] = useState(before?.name ?? '');
  const [url, setUrl] = useState(before?.url ?? 'https://');
  const [isOn, setOn] = useState(before?.enabled ?? true);
  const [types, setTypes] = useState<readonly Webhook['types'][number][]>(before?.types ?? []);
  const [outcomes, setOutcomes] = useState<readonly Webhook['outcomes'][number][]>(before?.outcomes ?? []);
  const [flowIds, setFlowIds] = useState<string[]>(before?.flow_ids ?? []);
  const save = useChange({
    run: async () => {
      const given = { name, url, enabled: isOn, types: [...types], outcomes: [...outcomes], flow_ids: flowIds };
      if (before !== null) return { ...(await api.replaceWebhook(before.id, given)), secret: null };
      return api.createWebhook(given);
    },
    keys: [webhooksQuery.queryKey],
    said: before === null ? 'The webhook was added' : 'The webhook was changed',
    done: ({ secret }) => (secret === null ? close() : show(secret)),
  });
  const faults = findFieldErrors(save.error);
  return (
    <FormPanel
      title={before === null ? 'Add a webhook' : 'Change the webhook'}
      verb={before === null ? 'Add webhook' : 'Save'}
      change={save}
      close={close}
    >
      <NameInput value={name} change={setName} fault={faults['name']} />
      <UrlInput
        description="A public address that answers with a status from 200 to 299."
        value={url}
        change={setUrl}
        fault={faults['url']}
      />
      <Choice label="Events" description="None chosen: all." words={TYPES} value={types} onChange={setTypes} />
      <Choice
        label="Outcomes"
        description="None chosen: all."
        words={OUTCOMES}
        value={outcomes}
        onChange={setOutcomes}
      />
      <MultiSelect
        label="Flows"
        description="None chosen: all flows."
        data={flows.map(({ id, name: flow }) => ({ value: id, label: flow }))}
        value={flowIds}
        onChange={setFlowIds}
        error={faults['flow_ids']}
        searchable
        limit={50}
        comboboxProps={{ withinPortal: false }}
      />
      <Switch
        label="On"
        description="Off: no further event is added; what waits is still sent."
        checked={isOn}
        onChange={({ currentTarget: { checked } }) => setOn(checked)}
      />
    </FormPanel>
  );
}

function Choice<Name extends string>(given: {
  label: string;
  description: string;
  words: Readonly<Record<Name, string>>;
  value: readonly Name[];
  onChange(value: readonly Name[]): void;
}) {
  const { label, description, words, value, onChange } = given;
  const names = Object.keys(words) as Name[]; // of its own table
  return (
    <Checkbox.Group
      label={label}
      description={description}
      value={[...value]}
      onChange={(chosen) => onChange(names.filter((name) => chosen.includes(name)))}
    >
      <Box display="grid" mt="xs" style={{ gap: 8, gridTemplateColumns: 'repeat(auto-fill, minmax(176px, 1fr))' }}>
        {names.map((name) => (
          <Checkbox key={name} value={name} label={words[name]} />
        ))}
      </Box>
    </Checkbox.Group>
  );
}
