import { MultiSelect, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { type Entity, entitiesQuery, modulesQuery } from '../../api/library.ts';
import { FormPanel } from '../../parts/FormPanel.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { NameInput } from '../../parts/NameInput.tsx';
import { useChange } from '../../parts/use-change.ts';
import { RECIPIENTS, SOURCES } from './entity-words.ts';

const TEXT_CHARACTERS_MAX = 2_000;
const INSIDE = { withinPortal: false } as const;

interface EntityFormProps {
  /** null: one is made. */
  before: Entity | null;
  /** Of the page that adds one: what it is at least, and what it is called. */
  side?: 'source' | 'recipient';
  close(): void;
  done(saved: Entity): void;
}

/** `none`: it is not of this side; null: it has to be. */
const listKinds = (words: Readonly<Record<string, string>>, none: string | null) => [
  ...(none === null ? [] : [{ value: '', label: none }]),
  ...Object.entries(words).map(([value, label]) => ({ value, label })),
];

/** Who it is, on which side, and by which modules it sends or receives. */
export function EntityForm({ before, side, close, done }: EntityFormProps) {
  const { data: modules = [] } = useQuery(modulesQuery);
  const [name, setName] = useState(before?.name ?? '');
  const [description, setDescription] = useState(before?.description ?? '');
  const [source, setSource] = useState<Entity['source']>(before?.source ?? (side === 'source' ? 'seller' : null));
  const [recipient, setRecipient] = useState<Entity['recipient']>(
    before?.recipient ?? (side === 'recipient' ? 'buyer' : null),
  );
  const [moduleIds, setModuleIds] = useState<string[]>(before?.module_ids ?? []);
  const [website, setWebsite] = useState(before?.website ?? '');
  const noun = side ?? 'partner';
  const save = useChange<void, Entity>({
    run: () => {
      const given = {
        ...{ name, source, recipient, module_ids: moduleIds },
        ...(description.trim() !== '' && { description }),
        ...(website.trim() !== '' && { website: website.trim() }),
        ...keepOthers(before),
      };
      return before === null ? api.createEntity(given) : api.replaceEntity(before.id, given);
    },
    keys: [entitiesQuery.queryKey, ['entity-names']],
    said: before === null ? `The ${noun} was added` : 'The partner was changed',
    done,
  });
  const faults = findFieldErrors(save.error);
  const asSource = (
    <Select
      key="source"
      label="As a source"
      data={listKinds(SOURCES, side === 'source' ? null : 'It sends no leads')}
      value={source ?? ''}
      onChange={(value) => setSource(value ? (value as NonNullable<Entity['source']>) : null)}
      allowDeselect={false}
      comboboxProps={INSIDE}
    />
  );
  const asRecipient = (
    <Select
      key="recipient"
      label="As a recipient"
      data={listKinds(RECIPIENTS, side === 'recipient' ? null : 'It receives no leads')}
      value={recipient ?? ''}
      onChange={(value) => setRecipient(value ? (value as NonNullable<Entity['recipient']>) : null)}
      allowDeselect={false}
      comboboxProps={INSIDE}
    />
  );
  return (
    <FormPanel
      title={before === null ? `Add a ${noun}` : 'Change the partner'}
      verb={before === null ? `Add ${noun}` : 'Save'}
      change={save}
      close={close}
    >
      <NameInput value={name} change={setName} fault={faults['name']} />
      {side === 'recipient' ? [asRecipient, asSource] : [asSource, asRecipient]}
      <MultiSelect
        label="Modules"
        description="What it sends or receives by; the editor of a flow offers them."
        data={modules.map(({ id, name: module }) => ({ value: id, label: `${module} (${id})` }))}
        value={moduleIds}
        onChange={setModuleIds}
        error={faults['module_ids']}
        searchable
        limit={50}
        comboboxProps={INSIDE}
      />
      <TextInput
        label="Website"
        type="url"
        placeholder="https://ads.example.com"
        value={website}
        error={faults['website']}
        onChange={({ currentTarget: { value } }) => setWebsite(value)}
        maxLength={TEXT_CHARACTERS_MAX}
      />
      <Textarea
        label="Description"
        value={description}
        error={faults['description']}
        onChange={({ currentTarget: { value } }) => setDescription(value)}
        maxLength={TEXT_CHARACTERS_MAX}
        autosize
        minRows={2}
      />
    </FormPanel>
  );
}

/** What the form does not show stays as it is. */
function keepOthers(before: Entity | null) {
  if (before === null) return {};
  const { field_suffix: suffix, logo_url: logo, time_zone: zone, trustedform_certified_vendor: isCertified } = before;
  return {
    ...(suffix !== null && { field_suffix: suffix }),
    ...(logo !== null && { logo_url: logo }),
    ...(zone !== null && { time_zone: zone }),
    trustedform_certified_vendor: isCertified,
  };
}
