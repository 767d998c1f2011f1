import { Button, Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Step } from '../../../../src/model/flow.ts';
import { flowNamesQuery } from '../../api/flows.ts';
import { readPath } from '../../editor/draft/document-path.ts';
import { draftApiOf } from '../../editor/draft/draft-api.ts';
import { useDraftValue } from '../../editor/draft/use-draft.ts';
import { announce } from '../../parts/announce.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { insertMember } from './change-steps.ts';
import { nameStep } from './edit-places.ts';
import { makeId, withNewIds } from './new-id.ts';
import { countOf } from './summaries.ts';
import { useEdit } from './use-edit.ts';
import { listFieldsOf } from './variable-uses.ts';

interface Target {
  id: string;
  name: string;
}

/** Puts a copy of a step at the end of the draft of another flow. Nothing of it runs until that draft is published. */
export function CopyStepPanel({ path }: { path: string }) {
  const { flowId } = useEdit();
  const step = useDraftValue(({ document }) => readPath(document, path)) as Step | undefined; // the path is of a step
  const { data: flows = [] } = useQuery(flowNamesQuery);
  const [targetId, setTargetId] = useState<string | null>(null);
  const [withFields, setWithFields] = useState(true);
  const others = flows.filter(({ id }) => id !== flowId);
  const target = others.find(({ id }) => id === targetId) ?? null;
  const copy = useMutation({
    mutationFn: (to: Target) => copyStep({ step, to, withFields }),
    onSuccess: ({ name }) => announce(`Copied to ${name}`),
  });
  if (step === undefined) return <Text>The draft has no such step any more.</Text>;
  return (
    <Stack gap="md" align="flex-start" data-own-undo>
      <Text>
        A copy of <bdi>{nameStep(step)}</bdi> comes to the end of the other flow’s draft. Nothing of it runs until
        somebody publishes that draft.
      </Text>
      <Select
        label="Flow"
        placeholder={others.length === 0 ? 'There is no other flow' : 'Choose a flow'}
        data={others.map(({ id, name }) => ({ value: id, label: name }))}
        value={targetId}
        onChange={(id) => {
          copy.reset();
          setTargetId(id);
        }}
        searchable
        w="100%"
        data-autofocus
      />
      <Checkbox
        label="Add fields that the step reads and the other flow lacks"
        checked={withFields}
        onChange={({ currentTarget }) => setWithFields(currentTarget.checked)}
      />
      {copy.error && <FaultAlert>{describeError(copy.error).text}</FaultAlert>}
      {copy.data ? (
        <Stack gap="sm" align="flex-start" role="status">
          <Text>
            Copied to <bdi>{copy.data.name}</bdi>
            {copy.data.fields.length > 0 &&
              ` with ${countOf(copy.data.fields.length, 'field')}: ${copy.data.fields.join(', ')}`}
            .
          </Text>
          <Button
            variant="default"
            renderRoot={(props) => (
              <Link
                {...props}
                to="/flows/$flowId/edit/$part"
                params={{ flowId: copy.data.id, part: 'steps' }}
                search={{}}
              />
            )}
          >
            Edit the other flow
          </Button>
        </Stack>
      ) : (
        <Group>
          <Button disabled={target === null} loading={copy.isPending} onClick={() => target && copy.mutate(target)}>
            Copy step
          </Button>
        </Group>
      )}
    </Stack>
  );
}

/** Throws a sentence for the person when the draft of the other flow cannot be saved. */
async function copyStep({ step, to, withFields }: { step: Step | undefined; to: Target; withFields: boolean }) {
  if (step === undefined) throw new Error('The draft has no such step any more.');
  const api = draftApiOf(to.id);
  const { document, baseRevision, version } = await api.read();
  const lacking = withFields ? listFieldsOf(step).filter((field) => !document.fields.includes(field)) : [];
  const next = insertMember(document, { list: 'steps', member: withNewIds(step, makeId) });
  const result = await api.save(
    { document: { ...next, fields: [...document.fields, ...lacking] }, baseRevision, version },
    { isLeaving: false },
  );
  if (result.kind === 'failed') throw new Error(result.problem);
  if (result.kind === 'conflict') throw new Error('Somebody saved that draft at the same moment. Copy the step again.');
  return { ...to, fields: lacking };
}
