import { Autocomplete, Button, Select, Stack, Text } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Candidate, RecipientStep, Source } from '../../../../src/model/flow.ts';
import { api } from '../../api/client.ts';
import { useDraftStore } from '../../editor/draft/use-draft.ts';
import { announce } from '../../parts/announce.ts';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { insertMember, listAt } from './change-steps.ts';
import { makeId } from './new-id.ts';
import { useEdit } from './use-edit.ts';

const STALE_MS = 60_000;
const entitiesQuery = queryOptions({
  queryKey: ['entities'],
  queryFn: () => api.listEntities(),
  staleTime: STALE_MS,
});
const modulesQuery = (type: 'inbound' | 'outbound') =>
  queryOptions({ queryKey: ['modules', type], queryFn: () => api.listModules({ type }), staleTime: STALE_MS });

type MemberKind = 'source' | 'recipient';

const WORDS = {
  source: {
    who: 'Who sends leads',
    module: 'How leads are sent',
    usual: 'leadconduit-default.inbound',
    type: 'inbound',
    verb: 'Add source',
    // Where to send is what comes next.
    next: '',
  },
  recipient: {
    who: 'Who receives leads',
    module: 'How leads are delivered',
    usual: 'leadconduit-custom.outbound.json',
    type: 'outbound',
    verb: 'Add recipient',
    // What is sent is what comes next.
    next: '.integration',
  },
} as const;

interface NewMemberProps {
  kind: MemberKind;
  /** `sources`, `steps` or the recipients of a distribution. */
  list: string;
  /** Before which member; the end unless given. */
  index?: number | undefined;
}

/** Adds a source or a recipient: who it is, of the account or a new one, and by which module. */
export function NewMemberPanel({ kind, list, index }: NewMemberProps) {
  const { isReadOnly, openPanel } = useEdit();
  const store = useDraftStore();
  const words = WORDS[kind];
  const { data: entities = [] } = useQuery(entitiesQuery);
  const [name, setName] = useState('');
  const [moduleId, setModuleId] = useState<string>(words.usual);
  const known = entities.find((entity) => entity.name === name.trim());
  const fault = kind === 'source' ? findRepeated(store.read().document.sources, known?.id) : null;
  if (isReadOnly) return <Text>Your role lacks the permission flows.write; an owner or an editor can add one.</Text>;
  const add = (event: FormEvent) => {
    event.preventDefault();
    const entity = { id: known?.id ?? makeId(), name: name.trim() };
    const member = buildMember({ kind, list, entity, moduleId });
    const members = listAt(store.read().document, list);
    const place = Math.min(index ?? members.length, members.length);
    const what = `Added ${kind} ${entity.name}`;
    store.change((document) => insertMember(document, { list, member, index: place }), what);
    announce(what);
    openPanel(`${list}.${place}${words.next}`);
  };
  return (
    <form onSubmit={add}>
      <Stack gap="md" data-own-undo>
        <Autocomplete
          label={words.who}
          description="Choose somebody of the account, or give the name of a new one."
          data={[...new Set(entities.map((entity) => entity.name))]}
          value={name}
          onChange={setName}
          maxLength={200}
          limit={50}
          data-autofocus
          required
        />
        {name.trim() !== '' && (
          <Text size="sm" c="dimmed" role="status">
            {known ? 'Somebody of the account.' : 'Somebody new, who is added when the draft is published.'}
          </Text>
        )}
        <ModuleSelect label={words.module} type={words.type} value={moduleId} change={setModuleId} />
        {fault !== null && <FaultAlert>{fault}</FaultAlert>}
        <div>
          <Button type="submit" disabled={name.trim() === '' || fault !== null}>
            {words.verb}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

/** A submit URL has the id of its sender, so a flow has each sender once. */
function findRepeated(sources: readonly Source[], entityId: string | undefined): string | null {
  if (entityId === undefined || !sources.some(({ entity }) => entity?.id === entityId)) return null;
  return 'This flow has a source of this sender already. Give another name for a second one.';
}

function ModuleSelect(given: {
  label: string;
  type: 'inbound' | 'outbound';
  value: string;
  change: (id: string) => void;
}) {
  const { label, type, value, change } = given;
  const { data: modules = [] } = useQuery(modulesQuery(type));
  const packages = [...new Set(modules.map((module) => module.package))];
  const chosen = modules.find(({ id }) => id === value);
  return (
    <Select
      label={label}
      description={chosen?.description}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      data={
        modules.length === 0
          ? [value]
          : packages.map((group) => ({
              group,
              items: modules
                .filter((module) => module.package === group)
                .map(({ id, name }) => ({ value: id, label: `${name} (${id})` })),
            }))
      }
      value={value}
      onChange={(id) => id !== null && change(id)}
      allowDeselect={false}
      searchable
      nothingFoundMessage="No module has this name"
    />
  );
}

function buildMember(given: {
  kind: MemberKind;
  list: string;
  entity: { id: string; name: string };
  moduleId: string;
}): Source | RecipientStep | Candidate {
  const { kind, list, entity, moduleId } = given;
  const member = { id: makeId(), entity, integration: { module_id: moduleId, mappings: [] } };
  return kind === 'recipient' && list === 'steps' ? { type: 'recipient', ...member } : member;
}
