import { Radio, Stack, Text } from '@mantine/core';
import { useRef } from 'react';
import type { SourceFeedback } from '../../../../src/model/flow.ts';
import type { Integration } from '../../../../src/model/mapping.ts';
import type { PartProps } from '../part-props.ts';
import { Faults } from '../sentence/Faults.tsx';
import { faultsElsewhere } from '../sentence/faults.ts';
import { IntegrationPart } from '../sentence/IntegrationPart.tsx';
import { RulesPart } from '../sentence/RulesPart.tsx';
import { withProperty } from '../sentence/with-property.ts';

/** Says what the source asks for most: type, reason and lead; the address is to be written. */
const NEW_RELAY: Integration = {
  module_id: 'leadconduit-custom.outbound.json',
  mappings: [
    { property: 'url', value: '' },
    { property: 'json_property.type', value: '{{feedback.type}}' },
    { property: 'json_property.reason', value: '{{feedback.reason}}' },
    { property: 'json_property.lead', value: '{{lead.id}}' },
    { property: 'outcome_search_path', value: 'outcome' },
    { property: 'outcome_search_term', value: 'success' },
    { property: 'reason_path', value: 'reason' },
  ],
};

/** How feedback that was accepted is relayed to the source. */
export function SourceFeedbackEditor(props: PartProps<SourceFeedback>) {
  const { value, change, path, faults, names, isReadOnly } = props;
  // It comes back while the part is open.
  const left = useRef<Integration>(NEW_RELAY);
  const integration = value?.integration ?? undefined;
  const choose = (next: string) => {
    if (next === 'relayed') return change({ ...value, integration: left.current }, 'Feedback is relayed to the source');
    left.current = integration ?? left.current;
    const feedback = withProperty(value ?? {}, 'integration', undefined);
    change(Object.keys(feedback).length === 0 ? undefined : feedback, 'Feedback is not relayed');
  };
  return (
    <Stack gap="md">
      <Radio.Group
        label="Returns and conversions of leads of this source"
        value={integration === undefined ? 'none' : 'relayed'}
        onChange={choose}
      >
        <Stack gap={8} mt={8}>
          <Radio value="none" label="Are not relayed" disabled={isReadOnly} />
          <Radio
            value="relayed"
            label="Are relayed to the source, whose answer decides"
            description="It is asked for 10 seconds at most, before the recipient is answered. When it fails, it is asked again after 1, 5, 15 and 60 minutes."
            disabled={isReadOnly}
          />
        </Stack>
      </Radio.Group>
      {integration !== undefined && (
        <>
          <Text size="sm" c="dimmed">
            Its mappings read the lead and feedback.type, feedback.reason and feedback.timestamp.
          </Text>
          <IntegrationPart
            {...{ faults, names, isReadOnly, path: `${path}.integration`, value: integration }}
            change={(next, what) => change(withProperty(value ?? {}, 'integration', next), what)}
          />
          <RulesPart
            {...{ faults, names, isReadOnly, path: `${path}.rule_set`, value: value?.rule_set }}
            name="feedback that is relayed"
            addWord="Only some feedback…"
            change={(next, what) => change(withProperty(value ?? {}, 'rule_set', next), what)}
          />
        </>
      )}
      <Faults faults={faultsElsewhere(faults, path, integration === undefined ? [] : ['integration', 'rule_set'])} />
    </Stack>
  );
}
