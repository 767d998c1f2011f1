import { Stack, Text } from '@mantine/core';
import type { FilterStep, RecipientStep } from '../../../../src/model/flow.ts';
import { More } from '../../editor/sentence/More.tsx';
import { ChoicePart } from './ChoicePart.tsx';
import { DistributionPart } from './parts.tsx';
import { SwitchPart } from './SwitchPart.tsx';
import { TextPart } from './TextPart.tsx';
import { usePart } from './use-part.ts';
import { variableOf } from './variable-uses.ts';

/** What a filter answers, and what people call it; its rules are in their own tab. */
export function FilterTab({ path }: { path: string }) {
  const { value: step } = usePart<FilterStep>(path);
  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed">
        A lead that its rules match stops here and goes no further.
      </Text>
      <TextPart
        {...{ path: `${path}.reason`, label: 'Reason', placeholder: 'Failed rules' }}
        description="The reason in the answer to the sender. {{…}} puts a variable in."
      />
      <ChoicePart
        {...{ path: `${path}.outcome`, label: 'Outcome', usual: 'failure' }}
        description="Of the lead."
        choices={['failure', 'error', 'success']}
      />
      <SwitchPart
        {...{ path: `${path}.enabled`, label: 'Runs', usual: true }}
        description="Switched off, leads pass it and it leaves no event."
      />
      <ForPeople path={path} isOpen={Boolean(step?.description ?? step?.notes)} />
    </Stack>
  );
}

/** Who receives and how; of a recipient of a distribution, too. */
export function RecipientTab({ path }: { path: string }) {
  const { value: step } = usePart<RecipientStep>(path);
  const key = step === undefined ? null : variableOf({ ...step, type: 'recipient' });
  return (
    <Stack gap="lg">
      <TextPart path={`${path}.entity.name`} label="Name" isRequired description="As leads and reports call it." />
      <SwitchPart
        {...{ path: `${path}.enabled`, label: 'Gets leads', usual: true }}
        description="Switched off, leads pass it and it leaves no event."
      />
      <SwitchPart
        {...{ path: `${path}.retry_enabled`, label: 'Try again after an error', usual: false }}
        description="A delivery that ended as an error is tried again later."
      />
      <SwitchPart
        {...{ path: `${path}.idempotent`, label: 'Recognises repeated requests', usual: false }}
        description="By their Idempotency-Key. Then a delivery that may have arrived is tried again, too."
      />
      <SwitchPart
        {...{ path: `${path}.strict_status`, label: 'A 4xx status is a failure', usual: false }}
        description="Whatever the body of the answer says."
      />
      <TextPart
        {...{ path: `${path}.key`, label: 'Key of its variables', placeholder: key ?? 'the name in snake case' }}
        description="Later rules and templates read what it appended under this name."
      />
      <ForPeople path={path} isOpen={Boolean(step?.description ?? step?.notes)} />
    </Stack>
  );
}

export function DistributionTab({ path }: { path: string }) {
  return (
    <Stack gap="lg">
      <DistributionPart path={path} />
      <SwitchPart
        {...{ path: `${path}.enabled`, label: 'Runs', usual: true }}
        description="Switched off, leads pass it and none of its recipients is offered them."
      />
      <ForPeople path={path} isOpen={false} />
    </Stack>
  );
}

function ForPeople({ path, isOpen }: { path: string; isOpen: boolean }) {
  return (
    <More word="Description and notes" isOpen={isOpen}>
      <Stack gap="md">
        <TextPart path={`${path}.description`} label="Description" description="For people." />
        <TextPart path={`${path}.notes`} label="Notes" description="For people." isLong charactersMax={10_000} />
      </Stack>
    </More>
  );
}
