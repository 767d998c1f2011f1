import { Text } from '@mantine/core';
import type { Integration } from '../../../../src/model/mapping.ts';
import type { PartProps } from '../part-props.ts';

/** The module that sends something, and what it is given. */
export function IntegrationPart({ value }: PartProps<Integration>) {
  if (value === undefined) return <Text size="sm">No module.</Text>;
  return (
    <Text size="sm">
      {value.module_id}, {value.mappings?.length ?? 0} mappings
    </Text>
  );
}
