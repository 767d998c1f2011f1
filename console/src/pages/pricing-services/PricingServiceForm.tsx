import { Select, TagsInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { credentialsQuery } from '../../api/library.ts';
import { type PricingService, pricingServicesQuery } from '../../api/pricing-services.ts';
import { FormPanel } from '../../parts/FormPanel.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { NameInput } from '../../parts/NameInput.tsx';
import { UrlInput } from '../../parts/UrlInput.tsx';
import { useChange } from '../../parts/use-change.ts';

const VARIABLES_MAX = 100;
/** Types that can authenticate a request. */
const TYPES: readonly string[] = ['user', 'token', 'oauth2', 'api_key'];

interface PricingServiceFormProps {
  /** null: one is made. */
  before: PricingService | null;
  close(): void;
  /** Its secret, which is shown once. */
  show(secret: string): void;
}

/** Where questions go, what of a lead they have, and with which credential they are asked. */
export function PricingServiceForm({ before, close, show }: PricingServiceFormProps) {
  const { data: credentials = [] } = useQuery(credentialsQuery);
  const [name, setName] = useState(before?.name ?? '');
  const [url, setUrl] = useState(before?.url ?? 'https://');
  const [variables, setVariables] = useState<string[]>(before?.variables ?? []);
  const [credentialId, setCredentialId] = useState<string | null>(before?.credential_id ?? null);
  const save = useChange({
    run: async () => {
      const given = { name, url, variables, credential_id: credentialId };
      if (before !== null) return { ...(await api.replacePricingService(before.id, given)), secret: null };
      return api.createPricingService(given);
    },
    keys: [pricingServicesQuery.queryKey],
    said: before === null ? 'The pricing service was added' : 'The pricing service was changed',
    done: ({ secret }) => (secret === null ? close() : show(secret)),
  });
  const faults = findFieldErrors(save.error);
  const ofVariables = Object.keys(faults).find((path) => path.startsWith('variables'));
  return (
    <FormPanel
      title={before === null ? 'Add a pricing service' : 'Change the pricing service'}
      text={
        before === null
          ? 'Its secret is shown once, after it was added.'
          : 'Flows that name it use the change at once. The secret stays.'
      }
      verb={before === null ? 'Add pricing service' : 'Save'}
      change={save}
      close={close}
    >
      <NameInput value={name} change={setName} fault={faults['name']} />
      <UrlInput
        description="A public address that takes a POST and answers within 2 seconds."
        value={url}
        change={setUrl}
        fault={faults['url']}
      />
      <TagsInput
        label="Variables it is sent"
        description="Paths such as lead.state, each ended by Enter. It gets nothing else of the lead."
        value={variables}
        onChange={setVariables}
        maxTags={VARIABLES_MAX}
        splitChars={[',', ' ', '\n']}
        error={ofVariables && faults[ofVariables]}
        acceptValueOnBlur
      />
      <Select
        label="Credential"
        description="None: the signature alone says who asks."
        placeholder="None"
        data={credentials
          .filter(({ id, type }) => TYPES.includes(type) || id === credentialId)
          .map(({ id, name: credential }) => ({ value: id, label: credential }))}
        value={credentialId}
        onChange={setCredentialId}
        error={faults['credential_id']}
        clearable
        searchable
        clearButtonProps={{ 'aria-label': 'Use no credential' }}
        comboboxProps={{ withinPortal: false }}
      />
    </FormPanel>
  );
}
