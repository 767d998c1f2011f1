import type { EditPart } from './edit-places.ts';
import { FieldsPart } from './FieldsPart.tsx';
import { FlowPart } from './FlowPart.tsx';
import type { FaultIndex } from './fault-index.ts';
import { SettingsPart } from './SettingsPart.tsx';
import { SourcesPart } from './SourcesPart.tsx';
import { StepsPart } from './StepsPart.tsx';

/** The page of one part of the flow. */
export function PartPage({ part, faults }: { part: EditPart; faults: FaultIndex }) {
  switch (part) {
    case 'sources':
      return <SourcesPart faults={faults} />;
    case 'steps':
      return <StepsPart faults={faults} />;
    case 'fields':
      return <FieldsPart faults={faults} />;
    case 'settings':
      return <SettingsPart faults={faults} />;
    case 'rules':
    case 'pricing':
    case 'caps':
    case 'hours':
    case 'checks':
      return <FlowPart part={part} />;
  }
}
