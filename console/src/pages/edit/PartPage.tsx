import { lazy } from 'react';
import type { EditPart } from './edit-places.ts';
import { FlowPart } from './FlowPart.tsx';
import type { FaultIndex } from './fault-index.ts';
import { PartSpace } from './parts.tsx';
import { SourcesPart } from './SourcesPart.tsx';
import { StepsPart } from './StepsPart.tsx';

const FieldsPart = lazy(() => import('./FieldsPart.tsx').then((module) => ({ default: module.FieldsPart })));
const SettingsPart = lazy(() => import('./SettingsPart.tsx').then((module) => ({ default: module.SettingsPart })));

/** The page of one part of the flow. */
export function PartPage({ part, faults }: { part: EditPart; faults: FaultIndex }) {
  switch (part) {
    case 'sources':
      return <SourcesPart faults={faults} />;
    case 'steps':
      return <StepsPart faults={faults} />;
    case 'fields':
      return (
        <PartSpace>
          <FieldsPart faults={faults} />
        </PartSpace>
      );
    case 'settings':
      return (
        <PartSpace>
          <SettingsPart />
        </PartSpace>
      );
    case 'rules':
    case 'pricing':
    case 'caps':
    case 'hours':
    case 'checks':
      return <FlowPart part={part} />;
  }
}
