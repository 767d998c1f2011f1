import { Button, Checkbox, Group, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Evaluation, GivenTestLead } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { formatMoney } from '../../parts/format-money.ts';
import type { LeadToTest } from './LeadInput.tsx';

const OUTCOMES = [
  { value: 'success', label: 'Success' },
  { value: 'failure', label: 'Failure' },
  { value: 'error', label: 'Error' },
];
/** As the server has it. */
const NAME_CHARACTERS_MAX = 200;

/** Keeps the lead with what it should come to, so that each publish is checked against it. */
export function SaveTest(given: { flowId: string; sourceId: string; lead: LeadToTest; result: Evaluation }) {
  const { flowId, sourceId, lead, result } = given;
  const mayWrite = useMay('flows.write');
  const queries = useQueryClient();
  const came = result.lead;
  const [name, setName] = useState('');
  const [outcome, setOutcome] = useState<GivenTestLead['expected']['outcome']>(came?.outcome ?? 'success');
  const [isReasonChecked, setReasonChecked] = useState(false);
  const [isPriceChecked, setPriceChecked] = useState(false);
  const values = readValues(lead);
  const save = useMutation({
    mutationFn: () =>
      api.createTestLead(flowId, {
        ...{ name: name.trim(), source_id: sourceId, values: values ?? {}, assume: lead.assume },
        ...(lead.now !== undefined && { now: lead.now }),
        expected: {
          outcome,
          ...(isReasonChecked && came?.reason && { reason: came.reason }),
          ...(isPriceChecked && came && { price: came.price }),
        },
      }),
    onSuccess: async () => {
      announce('The test lead was saved');
      await queries.invalidateQueries({ queryKey: ['flows', flowId, 'tests'] });
    },
  });
  if (!mayWrite || came === null) return null;
  if (values === null)
    return (
      <Text size="sm" c="dimmed">
        A pasted form body or command is not kept as a test lead. Paste the values as JSON to keep them.
      </Text>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit} aria-label="Save as test lead">
      <Stack gap="sm">
        <Title order={2}>Save as test lead</Title>
        <Text size="sm" c="dimmed">
          It runs before each publish. Its values are kept sealed; use nobody’s.
        </Text>
        <Group gap="sm" align="flex-end">
          <TextInput
            label="Name"
            placeholder="A lead from Texas is sold"
            value={name}
            onChange={({ currentTarget: { value } }) => setName(value)}
            maxLength={NAME_CHARACTERS_MAX}
            required
          />
          <Select
            label="Should come to"
            w={160}
            data={OUTCOMES}
            value={outcome}
            onChange={(value) => value !== null && setOutcome(value as typeof outcome)} // one of the values above
            allowDeselect={false}
          />
        </Group>
        {came.reason && (
          <Checkbox
            label={`With this reason: ${came.reason}`}
            checked={isReasonChecked}
            onChange={({ currentTarget: { checked } }) => setReasonChecked(checked)}
          />
        )}
        <Checkbox
          label={`At this price: ${formatMoney(came.price)}`}
          checked={isPriceChecked}
          onChange={({ currentTarget: { checked } }) => setPriceChecked(checked)}
        />
        {save.error && <FaultAlert title="It was not saved">{describeError(save.error).text}</FaultAlert>}
        <Group gap="sm">
          <Button
            type="submit"
            variant="default"
            loading={save.isPending}
            disabled={name.trim() === '' || save.isSuccess}
          >
            Save test lead
          </Button>
          {save.isSuccess && <Text size="sm">Saved. It is in the list below.</Text>}
        </Group>
      </Stack>
    </form>
  );
}

/** null: they are not known one by one. */
function readValues({ kind, values, pasted }: LeadToTest): Record<string, unknown> | null {
  if (kind === 'fields') return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  return pasted?.ok ? (pasted.given.values ?? null) : null;
}
