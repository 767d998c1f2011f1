import type { Integration } from '../../../../src/model/mapping.ts';
import type { PartProps } from '../part-props.ts';

export interface MappingsEditorProps extends PartProps<Integration> {
  /** Of the step, which has it beside its integration; without it no credential is offered. */
  credential?: Pick<PartProps<string>, 'value' | 'change'>;
}

/** A module and what fills its properties. */
export function MappingsEditor({ value }: MappingsEditorProps) {
  return <p>{value?.module_id}</p>;
}
